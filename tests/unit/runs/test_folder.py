"""Facts about the run folder: whole or not at all."""

import errno
import os
import re
from datetime import datetime
from pathlib import Path

import pytest

from practicum.core.errors import ConfigError
from practicum.runs.folder import RunFolder, check_out, default_out
from practicum.runs.layout import FILES, NEEDED


def full_disk(*_args, **_kwargs):
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A complete run folder with dummy files."""
    path = tmp_path / "run"
    with RunFolder.create(path) as new:
        for name in NEEDED:
            new.file(name).write_text("content")
        new.file("summary").write_text("{}")
        return new.commit()


def test_a_committed_folder_has_exactly_what_was_written(run):
    """The files are under their names, and no temporary folder is left beside."""
    assert {file.name for file in run.iterdir()} == {FILES[name] for name in (*NEEDED, "summary")}
    assert [other.name for other in run.parent.iterdir()] == ["run"]


def test_a_committed_folder_is_as_open_as_others(run, tmp_path):
    """A run is not private to its owner: mkdtemp's 0700 is not kept."""
    (tmp_path / "other").mkdir()

    assert run.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_nothing_is_there_before_the_commit(tmp_path):
    """Readers see no run until it is whole."""
    with RunFolder.create(tmp_path / "deep" / "run") as new:
        new.file("summary").write_text("{}")
        assert not (tmp_path / "deep" / "run").exists()
        new.commit()

    assert (tmp_path / "deep" / "run").is_dir()


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_an_exception_leaves_nothing(tmp_path, error):
    """A bug or a Ctrl-C removes the temporary folder and the parents made for it, and goes on up."""

    def interrupted():
        with RunFolder.create(tmp_path / "a" / "b" / "run") as new:
            new.file("recipe").write_text("half")
            raise error

    with pytest.raises(type(error)):
        interrupted()

    assert list(tmp_path.iterdir()) == []


def test_leaving_without_a_commit_leaves_nothing(tmp_path):
    """Only a commit keeps the files."""
    with RunFolder.create(tmp_path / "run") as new:
        new.file("recipe").write_text("half")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("parquet: No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_while_writing_is_one_clear_error(tmp_path, error):
    """Python's error and that of a Rust library both become our message, with the reason."""
    with (
        pytest.raises(ConfigError, match=r"`out` must be a place .*No space left"),
        RunFolder.create(tmp_path / "run"),
    ):
        raise error

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_at_the_flush_is_one_clear_error(tmp_path, monkeypatch):
    """Some disks tell that they are full only at fsync; then too nothing is left."""
    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(ConfigError, match="No space left"), RunFolder.create(tmp_path / "run") as new:
        new.commit()

    assert list(tmp_path.iterdir()) == []


def test_a_name_taken_meanwhile_loses_no_run(tmp_path):
    """The second of two runs with one name lies beside the first."""
    with RunFolder.create(tmp_path / "run") as new:
        (tmp_path / "run").mkdir()
        path = new.commit()

    assert path == tmp_path / "run-2"
    assert path.is_dir()


def test_out_that_exists_is_refused(tmp_path):
    """Nothing is ever overwritten, be it a folder, a file or a dangling link."""
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").touch()

    for path in (tmp_path, tmp_path / "link", tmp_path / "file"):
        with pytest.raises(
            ConfigError,
            match=rf"`out` must be a new folder, but got out={re.escape(str(path))} \(it exists\)",
        ):
            check_out(path)


def test_out_below_a_file_is_refused(tmp_path):
    """A file cannot be a parent, however deep below it the run would lie."""
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match=r"`out` must lie in a folder, .*file is a file"):
        check_out(tmp_path / "file" / "deep" / "run")


def test_a_full_disk_is_found_before_training(tmp_path, monkeypatch):
    """The probe fails where the run would, and leaves nothing."""
    monkeypatch.setattr(Path, "write_bytes", full_disk)

    with pytest.raises(ConfigError, match="No space left"):
        check_out(tmp_path / "a" / "run")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_an_impossible_name_is_refused(tmp_path, name):
    """A name that the system does not allow is found before training too."""
    with pytest.raises(ConfigError, match="`out` must be a place that can be written to"):
        check_out(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    """The system's reason is in the message."""
    tmp_path.chmod(0o500)

    with pytest.raises(ConfigError, match="Permission denied"):
        check_out(tmp_path / "run")


def test_a_refused_folder_leaves_no_parents(tmp_path):
    """Parents made for a run go when the run cannot be made."""
    with pytest.raises(ConfigError, match="File name too long"):
        RunFolder.create(tmp_path / "a" / ("x" * 300))

    assert list(tmp_path.iterdir()) == []


def test_a_checked_place_stays_empty(tmp_path):
    """The probe leaves nothing, and parents are not made yet."""
    check_out(tmp_path / "a" / "run")

    assert list(tmp_path.iterdir()) == []


def test_default_names_never_collide(tmp_path, monkeypatch):
    """Two runs on one file in one second get two names."""
    monkeypatch.chdir(tmp_path)
    moment = datetime(2026, 1, 2, 3, 4, 5)
    first = default_out("x/adult.csv.gz", moment)
    first.mkdir(parents=True)

    assert first.as_posix() == "runs/adult-20260102-030405"
    assert default_out("x/adult.csv.gz", moment).as_posix() == "runs/adult-20260102-030405-2"
