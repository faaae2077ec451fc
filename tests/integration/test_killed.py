"""A whole run killed with signal 9 at any moment, several times over, ends with the bits of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.oracles.problems import problem, small_recipe
from tests.oracles.stand_ins import same_results

from practicum.core.record import Record
from practicum.engine.crew.forks import can_fork
from practicum.engine.plans.plan import Plan
from practicum.engine.run import run

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="processes are not forked here (no Linux, or a GPU)"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),  # the test's own, from Python 3.12 on
]

EXTRAS = {
    "momentum": {"momentum": 0.5},
    "adam": {"update_rule": "adam", "learning_rate": 0.01, "clip_norm": 1.0, "dropout": 0.2},
    "average": {"averaging": 0.9, "decay_start_step": "auto", "l1_penalty": 0.01},
}
NUM_KILLS = 5


def plans(extra: str) -> list[Plan]:
    """Return two packs, of four trials and of two, that end at different updates."""
    steps = (300, 700, 510, 900, 460, 800)
    recipes = [
        small_recipe(**{"seed": k, "num_steps": n, "early_stopping": False, **EXTRAS[extra]})
        for k, n in enumerate(steps)
    ]
    task = problem("binary").laid_out(recipes[0])
    return [Plan(recipes[:4], task, range(4)), Plan(recipes[4:], task, range(4, 6))]


def begun(some: Sequence[Plan], folder: Path, kind: str) -> int:
    """Begin the run in a process of its own and return the process's number."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            list(run(some, num_workers=2, kind=kind, folder=folder, every_seconds=0.0))
            status = 0
        finally:
            os._exit(status)
    return pid


@pytest.mark.parametrize("kind", ["processes", "threads"])
@pytest.mark.parametrize("extra", EXTRAS)
def test_a_killed_run_ends_with_the_same_bits(kind: str, extra: str, tmp_path: Path) -> None:
    """Results, weights and the whole record, wherever it was killed."""
    some, moments = plans(extra), random.Random(f"{kind}/{extra}")
    undisturbed, record = Record(), Record()
    expected = list(run(some, num_workers=1, kind="threads", record=undisturbed))
    kills = 0
    for _ in range(NUM_KILLS):
        pid = begun(some, tmp_path, kind)
        time.sleep(moments.uniform(0.02, 0.2))
        os.kill(pid, signal.SIGKILL)
        kills += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    results = list(run(some, num_workers=2, kind=kind, folder=tmp_path, record=record))

    assert kills > 0
    assert same_results(results, expected)
    assert record.frame().equals(undisturbed.frame())
