"""Facts about how long the finalists train; the work is a stand-in, time stands where a test puts it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.arenas import BASE, LENGTHS, SPACE, OneTask, setting

from practicum.tuning import timing
from practicum.tuning.effort import Effort
from practicum.tuning.finals import Asked
from practicum.tuning.lengths import longest_final
from practicum.tuning.procedure import Hunt
from practicum.tuning.search import Found
from practicum.tuning.timing import LEAST_SECONDS, pace_of, shared_out, time_finals

EFFORT = Effort(SPACE, "zoom", LENGTHS, num_folds=1, num_seeds=2)
HUNTED = Hunt(Found([setting(number, 0.2) for number in range(3)]), SPACE)
NUM_TRAIN = 10_000


@dataclass
class Finals:
    """Stands in for the work: three finalists, so many seconds."""

    seconds: float = 100.0
    interrupted: bool = False
    num_workers: int | None = 2
    largest_pack: int = 16
    tasks: object = field(default_factory=OneTask)
    told: list = field(default_factory=list)

    def asked(self, effort, hunted):
        """Return the finalists."""
        return [Asked(number, {}, (BASE,)) for number in (4, 2, 9)]

    def finals_end(self, effort):
        """Return when all must be over."""
        return time.monotonic() + self.seconds

    def decided(self, effort):
        """Remember."""
        self.told.append(effort)
        return effort


@pytest.fixture
def costs(monkeypatch):
    """An example costs as long as the test says; packs that were measured are noted."""
    packs = []

    def measured(task, recipes):
        packs.append(len(recipes))
        return 1e-3 * len(packs)

    monkeypatch.setattr(timing, "seconds_an_example", measured)
    return packs


def test_finalists_have_the_same_time(costs):
    """Each in its own currency; what was decided is written down."""
    work = Finals(seconds=50.0)
    effort = time_finals(work, EFFORT, HUNTED, NUM_TRAIN)
    ages = effort.final_ages
    spent = [ages[4] * 1e-3, ages[2] * 2e-3, ages[9] * 3e-3]

    assert work.told == [effort]
    assert spent == pytest.approx([spent[0]] * 3, rel=1e-3)
    assert sum(spent) * EFFORT.num_seeds == pytest.approx(50.0 * 2 * timing.PACE_KEPT, rel=1e-2)
    assert costs == [1, 1, 1]
    assert effort.lengths_of(9).final == ages[9]
    assert effort.lengths_of(77) == LENGTHS


@pytest.mark.parametrize(
    ("work", "effort"),
    [
        (Finals(seconds=math.inf), EFFORT),
        (Finals(seconds=LEAST_SECONDS / 2), EFFORT),
        (Finals(interrupted=True), EFFORT),
        (Finals(), replace(EFFORT, final_ages={4: 10})),
        (Finals(), replace(EFFORT, lengths=replace(LENGTHS, num_steps=200))),
    ],
)
def test_where_no_clock_decides_nothing_is_measured(costs, work, effort):
    """No clock, hardly any time, Ctrl-C, a run that is repeated, updates that are given."""
    assert time_finals(work, effort, HUNTED, NUM_TRAIN) is effort
    assert (costs, work.told) == ([], [])


def test_nobody_trains_for_ever(costs):
    """Time that is more than all can use is left."""
    ages = time_finals(Finals(seconds=1e9), EFFORT, HUNTED, NUM_TRAIN).final_ages

    assert set(ages.values()) == {longest_final(NUM_TRAIN)}


@given(
    seconds=st.floats(0.1, 1e4),
    costs=st.lists(st.floats(1e-7, 1e-2), min_size=1, max_size=3),
    most=st.integers(1, 10**7),
)
def test_the_time_is_shared_out(seconds, costs, most):
    """No more than there is, unless one example is too much; all of it, unless all have the most."""
    ages = shared_out(seconds, dict(enumerate(costs)), most)
    spent = sum(ages[number] * cost for number, cost in enumerate(costs))

    assert spent <= seconds + sum(costs)
    assert all(1 <= age <= most for age in ages.values())
    assert spent >= seconds - sum(costs) or set(ages.values()) == {most}


def test_the_pace_is_of_a_full_pack(costs):
    """Sixteen trials, however many they are that share a program."""
    assert pace_of(OneTask(), BASE, 1) == 1e-3
    assert costs == [16]
