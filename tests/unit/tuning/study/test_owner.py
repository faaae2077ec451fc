"""One run at a time on one study."""

import os
import socket
import subprocess
import sys
import time

import optuna
import pytest

from practicum.core.errors import ConfigError
from practicum.tuning.study.owner import (
    BEAT_SECONDS,
    OWNER,
    SILENT_SECONDS,
    AttributeOwner,
    FileOwner,
    Nobody,
    is_alive,
)

HOLD = """
import sys, time
from pathlib import Path
from practicum.tuning.study.owner import FileOwner
owner = FileOwner(Path(sys.argv[1]), "adult")
print("held", flush=True)
time.sleep(60)
"""


def me(**values):
    """Return an owner as a study has it."""
    return {"token": "t", "host": socket.gethostname(), "pid": os.getpid(), "time": time.time(), **values}


@pytest.fixture
def no_patience(monkeypatch):
    """Wait for nobody."""
    monkeypatch.setattr("practicum.tuning.study.owner.WAIT_SECONDS", 0.0)


@pytest.mark.usefixtures("no_patience")
def test_a_file_has_one_owner_until_it_is_released(tmp_path):
    """The second is refused with the process that holds it; after a release it gets it."""
    first = FileOwner(tmp_path / "study", "adult")
    with pytest.raises(ConfigError, match=rf'"adult" in .*study is in use \(process {os.getpid()} uses it\)'):
        FileOwner(tmp_path / "study", "adult")
    first.release()
    FileOwner(tmp_path / "study", "adult").release()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_patience")
def test_studies_of_other_names_share_a_file(tmp_path):
    """Two runs may write to one file under two names."""
    owners = [FileOwner(tmp_path / "study", name) for name in ("adult", "iris")]
    for owner in owners:
        owner.beat()
        owner.release()

    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_owns_nothing(tmp_path):
    """After kill -9 the next run has the file at once; before, not."""
    path = tmp_path / "study"
    child = subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "held\n"
    with pytest.raises(ConfigError, match=f"process {child.pid} uses it"):
        FileOwner(path, "adult")
    child.kill()
    child.wait()
    child.stdout.close()

    FileOwner(path, "adult").release()


def test_a_database_study_has_one_owner(tmp_path):
    """The second is told who has it and since when it is silent."""
    study = optuna.create_study(study_name="adult")
    first = AttributeOwner(study, "the team's database")
    with pytest.raises(ConfigError, match=rf"process {os.getpid()} on .* uses it, last heard of \d s ago"):
        AttributeOwner(study, "the team's database")
    first.release()
    AttributeOwner(study, "the team's database").release()

    assert study.user_attrs[OWNER] is None


def test_an_owner_notices_that_it_was_taken_over(monkeypatch):
    """A run that was silent too long must not write into another's study."""
    study = optuna.create_study(study_name="adult")
    first = AttributeOwner(study, "memory")
    study.set_user_attr(OWNER, me(token="another", host="elsewhere"))
    now = time.monotonic()
    first.beat()
    monkeypatch.setattr(time, "monotonic", lambda: now + 2 * BEAT_SECONDS)

    with pytest.raises(ConfigError, match="another run took it over"):
        first.beat()
    first.release()
    assert study.user_attrs[OWNER]["token"] == "another"


def test_a_beat_is_written(monkeypatch):
    """After a while the owner says again that it is alive."""
    study = optuna.create_study(study_name="adult")
    owner = AttributeOwner(study, "memory")
    written, now = study.user_attrs[OWNER]["time"], time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 2 * BEAT_SECONDS)
    owner.beat()
    owner.release()

    assert written < time.time()


def test_who_is_alive():
    """A silent run, a process that is gone and an earlier life of ours are dead; others may live."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    assert not is_alive(me(time=time.time() - SILENT_SECONDS - 1))
    assert not is_alive(me(pid=gone.pid))
    assert not is_alive(me(token="not of this process"))
    assert is_alive(me(pid=os.getppid()))
    assert is_alive(me(pid=1))
    assert is_alive(me(host="elsewhere"))


def test_memory_has_no_owner():
    """Nothing happens where nobody else can be."""
    Nobody().beat()
    Nobody().release()
