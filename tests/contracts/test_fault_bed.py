"""The test bed of faults: faults bite and are named, sound programs are sound, and watching changes no bit."""

from __future__ import annotations

import pytest
from benchmarks.faults.healthy import healthy, is_healthy
from benchmarks.faults.injections import FAULTS
from benchmarks.faults.plan import run
from benchmarks.faults.repairs import REPAIRS, candidates
from benchmarks.faults.score import ALIKE
from benchmarks.faults.tasks import task
from benchmarks.faults.watchers import Practicum


@pytest.mark.parametrize("name", ["C1", "L1"])
def test_a_planted_fault_is_named(name):
    """A fault of the loop and one of the loss, in a program that is sound without."""
    plan = FAULTS[name].plant(task("friedman" if name == "C1" else "topics").with_(num_steps=60), 1, 0)
    outcome = run(plan, Practicum())
    assert name in [cause for cause, _ in outcome.causes[:3]]


def test_watching_changes_no_bit():
    """The weights of a run end the same, watched or not."""
    plan = healthy(0).with_(num_steps=40)
    assert run(plan).digest == run(plan, Practicum()).digest


def test_a_tuned_program_is_sound():
    """The reference itself ends within reach of the reference."""
    plan = task("topics", 1)
    assert is_healthy(plan, run(plan))


def test_a_repair_undoes_its_fault():
    """What an advice does to a program at fault gives the numbers of the sound one."""
    sound = task("topics").with_(num_steps=20)
    faulty = FAULTS["L1"].plant(sound, 1, 0)
    assert run(faulty).digest != run(sound).digest == run(candidates("L1")[0](faulty)).digest


def test_ids_are_of_the_catalogue():
    """Repairs and what counts as alike speak of faults that are planted."""
    assert set(REPAIRS) <= set(FAULTS)
    assert {one for key, (others, _) in ALIKE.items() for one in (key, *others)} <= set(FAULTS)
