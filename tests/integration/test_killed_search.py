"""A search killed with signal 9, with all its workers, goes on and ends with the bits of an undisturbed one."""

from __future__ import annotations

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.made_outcomes import table

from practicum.__main__ import main
from practicum.core.summary import Summary
from practicum.engine.crew.forks import can_fork
from practicum.runs.weights import load_members

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are not forked here (no Linux, or a GPU)")

SPACE = """
learning_rate: {log: [1.0e-3, 1.0]}
momentum: {linear: [0.0, 0.9]}
width: {choice: [4, 8, 16]}
num_layers: 1
num_steps: 3000
early_stopping: false
"""
COOLED = """
update_rule: adam
learning_rate: {log: [1.0e-3, 3.0e-2]}
width: {choice: [4, 8, 16]}
num_layers: 1
"""
"""Here time decides how long the finals are, and their rate falls to its end."""

NUM_KILLS = 3


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a table and a space."""
    table("binary", 400).write_csv(tmp_path / "data.csv")
    (tmp_path / "space.yaml").write_text(SPACE)
    return tmp_path


def words(home: Path, *options: str | Path) -> list[str]:
    """Return the command's words."""
    said = ["fit", home / "data.csv", "--target", "binary", "--space", home / "space.yaml", "--seeds", "2"]
    return [str(word) for word in (*said, *options)]


def searched(home: Path, name: str, *options: str | Path) -> dict[str, Any]:
    """Run the command in this process and return what must be the same."""
    assert main(words(home, "--out", home / name, *options)) == 0
    return facts(home / name)


def facts(run: Path) -> dict[str, Any]:
    """Return all trials but what time they took, the choice, the votes, the weights."""
    summary = Summary.load(run)
    members, _ = load_members(run / "model.safetensors")
    with (run / "model.safetensors").open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        votes = json.loads(file.read(length))["__metadata__"]["votes"]
    return {
        "trials": [trial.model_copy(update={"seconds": 0.0}) for trial in summary.trials],
        "recipe": summary.recipe,
        "errors": (summary.train, summary.valid, summary.test),
        "nested": summary.nested,
        "votes": votes,
        "weights": [{name: value.tolist() for name, value in member.items()} for member in members],
    }


def begun(home: Path, *options: str | Path) -> subprocess.Popen[bytes]:
    """Start the command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "practicum", *words(home, *options)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes], folder: Path, seconds: float) -> bool:
    """Kill the command and its workers so long after it begins to train; return whether it was still alive."""
    while process.poll() is None and not list(folder.rglob("*.journal")):
        time.sleep(0.01)
    time.sleep(seconds)
    was_alive = process.poll() is None
    if was_alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return was_alive


def test_a_killed_search_ends_with_the_same_bits(home: Path) -> None:
    """Trials, choice, votes and weights; with two workers where the undisturbed one has one."""
    expected = searched(home, "whole", "--trials", "24", "--folds", "1", "--workers", "1")
    moments, kills, run = random.Random(0), 0, home / "killed"
    options = ["--trials", "24", "--folds", "1", "--workers", "2"]
    for life in range(NUM_KILLS):
        process = begun(home, *options, "--resume" if life else "--out", run)
        kills += kill(process, home / "killed.unfinished", moments.uniform(0.3, 2.0))
        if run.exists():
            break
    if not run.exists():
        assert main(words(home, *options, "--resume", run)) == 0

    assert kills > 0
    assert facts(run) == expected
    assert not (home / "killed.unfinished").exists()


def test_a_killed_nested_search_goes_on_in_its_outer_fold(home: Path) -> None:
    """What all rows and earlier folds gave is not trained again in another way; the folds end with the same bits."""
    options = ["--trials", "24", "--nested", "2", "--folds", "1"]
    expected = searched(home, "whole", *options, "--workers", "1")
    process = begun(home, *options, "--workers", "2", "--out", home / "killed")

    assert kill(process, home / "killed.unfinished" / "outer-0", 0.3)
    assert main(words(home, *options, "--workers", "2", "--resume", home / "killed")) == 0
    assert facts(home / "killed") == expected


def test_a_run_is_repeated_without_its_clock(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line that the summary gives trains all that time had cut short to the same point."""
    expected = searched(home, "timed", "--budget", "6s", "--folds", "2")
    command = shlex.split(Summary.load(home / "timed").command)

    assert command[0] == "practicum"
    assert main([*command[1:], "--out", str(home / "again")]) == 0
    assert facts(home / "again") == expected


@pytest.mark.alone
def test_a_search_in_a_time_that_is_killed_in_its_finals_keeps_what_was_decided(home: Path) -> None:
    """Who is in the finals, and for how long; what then came out is repeated without a clock."""
    (home / "space.yaml").write_text(COOLED)
    options, folder = ["--budget", "30s", "--folds", "1"], home / "timed.unfinished"
    process = begun(home, *options, "--out", home / "timed")
    assert kill(process, folder / "seeds", 0.3)
    decided = json.loads((folder / "decisions.json").read_text())["decisions"]
    assert main(words(home, *options, "--resume", home / "timed")) == 0
    after = Summary.load(home / "timed")

    assert decided["final_ages"]
    assert {name: after.decisions[name] for name in ("entering", "final_ages")} == {
        name: decided[name] for name in ("entering", "final_ages")
    }
    assert after.search is not None
    assert {one.number for one in after.search.finalists} == set(decided["entering"])
    assert after.recipe["schedule"] == "linear"
    assert main([*shlex.split(after.command)[1:], "--out", str(home / "again")]) == 0
    assert facts(home / "again") == facts(home / "timed")


def test_two_processes_are_refused_on_one_run(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second is told; the first ends as if nothing had been."""
    first = begun(home, "--trials", "64", "--folds", "1", "--out", home / "run")
    while first.poll() is None and not (home / "run.unfinished" / "decisions.json").exists():
        time.sleep(0.01)
    code = main(words(home, "--trials", "64", "--folds", "1", "--resume", home / "run"))
    _, said = first.communicate()

    assert code == 2
    assert "must belong to one process at a time" in capsys.readouterr().err
    assert first.returncode == 0, said
