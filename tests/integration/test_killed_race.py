"""A race killed with signal 9 at any moment, several times over, yields the bits of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from tests.oracles.races import RUNGS, Halving, packs
from tests.oracles.stand_ins import same_results

from practicum.core.record import Record
from practicum.engine.crew.forks import can_fork
from practicum.engine.crew.shift import Kind
from practicum.engine.race import race
from practicum.engine.result import Result

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="processes are not forked here (no Linux, or a GPU)"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),  # the test's own, from Python 3.12 on
]

NUM_PACKS, NUM_KILLS = 6, 6


def raced(
    kind: Kind, num_workers: int, folder: Path | None, record: Record
) -> list[tuple[int, list[Result]]]:
    """Return what the race yields."""
    return list(
        race(
            packs(NUM_PACKS),
            rungs=lambda _: RUNGS,
            judge=Halving(),
            num_workers=num_workers,
            kind=kind,
            folder=folder,
            every_seconds=0.0,
            record=record,
        )
    )


def begun(folder: Path, kind: Kind) -> int:
    """Begin the race in a process of its own and return the process's number."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            raced(kind, 2, folder, Record())
            status = 0
        finally:
            os._exit(status)
    return pid


@pytest.mark.parametrize("kind", ["processes", "threads"])
def test_a_killed_race_yields_the_same_bits(kind: Kind, tmp_path: Path) -> None:
    """Who left and who stayed, weights and the whole record, wherever it was killed."""
    moments, undisturbed, record = random.Random(kind), Record(), Record()
    expected = raced("threads", 1, None, undisturbed)
    kills = 0
    for _ in range(NUM_KILLS):
        pid = begun(tmp_path, kind)
        time.sleep(moments.uniform(0.05, 0.4))
        os.kill(pid, signal.SIGKILL)
        kills += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    found = raced(kind, 2, tmp_path, record)

    assert kills > 0
    assert [number for number, _ in found] == [number for number, _ in expected]
    assert same_results([r for _, some in found for r in some], [r for _, some in expected for r in some])
    assert record.frame().equals(undisturbed.frame())
