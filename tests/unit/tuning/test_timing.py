"""Facts about how long the finalists train; the work is a stand-in, time stands where a test puts it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.arenas import BASE, LENGTHS, OneTask, setting

from practicum.recipe.space import Choice, Entry, Log, Space
from practicum.training.pack import structure
from practicum.tuning import timing
from practicum.tuning.effort import Effort
from practicum.tuning.procedure import Hunt
from practicum.tuning.search import Found
from practicum.tuning.timing import LEAST_SECONDS, pace_of, shared_out, time_finals

SIZES = Space((Entry("learning_rate", Log(1e-3, 1.0)), Entry("width", Choice((4, 8, 16)))), BASE)
EFFORT = Effort(SIZES, "zoom", LENGTHS, num_folds=1, num_seeds=2)
NUM_TRAIN = 10_000


def hunted(widths=(4, 8, 16), **reached):
    """Return a search of three settings, number 0 the best."""
    settings = [
        setting(
            number,
            0.1 * (number + 1),
            {"learning_rate": 0.01 * (number + 1), "width": width},
            space=SIZES,
            **reached,
        )
        for number, width in enumerate(widths)
    ]
    return Hunt(Found(settings), SIZES)


HUNTED = hunted()


@dataclass
class Finals:
    """Stands in for the work: three finalists, so many seconds."""

    seconds: float = 100.0
    interrupted: bool = False
    num_workers: int | None = 2
    largest_pack: int = 16
    num_valid: int = 100
    tasks: object = field(default_factory=OneTask)
    told: list = field(default_factory=list)

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
        assert len({structure(recipe, task) for recipe in recipes}) == 1
        packs.append(len(recipes))
        return 1e-3 * len(packs)

    monkeypatch.setattr(timing, "seconds_an_example", measured)
    return packs


def test_finalists_have_the_same_time(costs):
    """Each in its own currency; what was decided is written down."""
    work = Finals(seconds=50.0)
    effort = time_finals(work, EFFORT, HUNTED, NUM_TRAIN)
    ages = effort.final_ages
    spent = [ages[0] * 1e-3, ages[1] * 2e-3, ages[2] * 3e-3]

    assert work.told == [effort]
    assert spent == pytest.approx([spent[0]] * 3, rel=1e-3)
    assert sum(spent) * EFFORT.num_seeds == pytest.approx(50.0 * 2 * timing.PACE_KEPT, rel=1e-2)
    assert costs == [1, 1, 1]  # of two seeds each pack has one
    assert effort.lengths_of(2).final == ages[2]
    assert effort.lengths_of(77) == LENGTHS


def test_finalists_of_one_shape_are_measured_as_the_pack_that_they_will_be(costs):
    """Once for all of them."""
    ages = time_finals(Finals(seconds=50.0), EFFORT, hunted((4, 4, 8)), NUM_TRAIN).final_ages

    assert costs == [2, 1]
    assert ages[0] == ages[1] == pytest.approx(2 * ages[2], rel=1e-3)


def test_more_cores_than_packs_do_no_more(costs):
    """Each pack has one."""
    few, many = (
        time_finals(Finals(seconds=50.0, num_workers=count), EFFORT, HUNTED, NUM_TRAIN).final_ages
        for count in (6, 60)
    )
    costs.clear()

    assert sum(many.values()) <= sum(few.values()) * 1.01


def test_folds_that_cannot_share_a_pack_are_measured_apart(costs):
    """Their rows may be prepared into inputs of other shapes; each finalist costs the mean of its folds."""
    ages = time_finals(Finals(), replace(EFFORT, num_folds=2), HUNTED, NUM_TRAIN).final_ages

    assert costs == [1] * 6
    assert ages[0] * 1.5 == pytest.approx(ages[1] * 3.5, rel=1e-3)


@pytest.mark.parametrize(
    ("work", "effort"),
    [(Finals(interrupted=True), EFFORT), (Finals(), replace(EFFORT, final_ages={4: 10}))],
)
def test_what_is_decided_stays(costs, work, effort):
    """After Ctrl-C, and in a run that is repeated."""
    assert time_finals(work, effort, HUNTED, NUM_TRAIN) is effort
    assert (costs, work.told) == ([], [])


@pytest.mark.parametrize(
    ("work", "effort"),
    [
        (Finals(seconds=math.inf), EFFORT),
        (Finals(seconds=LEAST_SECONDS / 2), EFFORT),
        (Finals(), replace(EFFORT, lengths=replace(LENGTHS, num_steps=200))),
        (Finals(), replace(EFFORT, space=SIZES.with_base(BASE.changed(num_steps=200)))),
    ],
)
def test_where_no_length_is_to_be_chosen_that_is_written_down(costs, work, effort):
    """No clock, hardly any time, updates that are given: a kill must not change it."""
    assert time_finals(work, effort, HUNTED, NUM_TRAIN).final_ages == {}
    assert (costs, len(work.told)) == ([], 1)


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
