"""Facts about the schedule."""

import pytest

from practicum.monitor.schedule import BEGINNING, default_schedule, every, is_deep


def test_looks_come_in_pairs():
    """Gradients are compared with those of the step before."""
    steps = [step for step in range(1, 4000) if default_schedule(step)]
    alone = [one for one in steps if one + 1 not in steps and one - 1 not in steps]

    assert alone == []


@pytest.mark.parametrize(
    ("first", "last", "most"), [(200, 602, 0.026), (602, 2002, 0.0061), (2002, 20_002, 0.0011)]
)
def test_they_become_rare(first, last, most):
    """After the beginning few steps are looked at."""
    assert sum(default_schedule(step) for step in range(first, last)) / (last - first) <= most


def test_deep_looks_are_looks():
    """Histograms are kept of steps that are looked at anyway."""
    assert {1, 5} <= BEGINNING
    assert all(default_schedule(step) for step in range(1, 20_000) if is_deep(step))


def test_every_step_is_every_step():
    """One means all."""
    assert all(every(1)(step) for step in range(1, 9))
