"""Facts about how much a search may do: by the data, by the time, and as it was when it is repeated."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace

import pytest
from tests.oracles.arenas import BASE, LENGTHS, SPACE

from practicum.core.errors import RecordError
from practicum.engine.clock import Clock
from practicum.tuning.aside import Aside
from practicum.tuning.demand import Demand
from practicum.tuning.effort import DEFAULT_TRIALS, SEARCH_SHARE, Effort, effort_for, repeated
from practicum.tuning.equal_time import Pace
from practicum.tuning.lengths import FEWEST_TRIALS

ENDLESS = Clock(0.0, math.inf)


def unasked():
    """Stand for a pace that nobody may ask for."""
    raise AssertionError


def within(seconds, pace, **demand):
    """Return the effort of a search within ``seconds`` from now."""
    clock = Clock(time.monotonic(), seconds)
    return effort_for(
        Demand(**{"num_train": 1000, "num_workers": 1, **demand}), clock, lambda _: SPACE, lambda: pace
    )


def test_without_a_time_nothing_is_measured():
    """All follows from the rows; a number of trials is kept, else there are the usual ones."""
    given, usual = (
        effort_for(Demand(num_train=1000, num_trials=count), ENDLESS, lambda _: SPACE, unasked)
        for count in (7, None)
    )

    assert (given.lengths.num_trials, usual.lengths.num_trials) == (7, DEFAULT_TRIALS)
    assert given.search_ends == math.inf


def test_a_time_leaves_a_part_for_the_finals():
    """The search ends after its share of what is left."""
    effort = within(100.0, 1e-6)

    assert effort.search_ends - time.monotonic() == pytest.approx(SEARCH_SHARE * 96, abs=1)


def test_a_quicker_pace_never_gives_less():
    """More trials, or longer ones."""
    slow, quick = within(60.0, 1e-4).lengths, within(60.0, 1e-6).lengths

    assert quick.num_trials >= slow.num_trials
    assert quick.num_trials * quick.rungs[0] > slow.num_trials * slow.rungs[0]


def test_more_cores_do_more():
    """In proportion."""
    one, two = (within(60.0, 1e-4, num_workers=count, num_trials=64).lengths for count in (1, 2))

    assert two.rungs[0] == pytest.approx(2 * one.rungs[0], rel=0.05)


def test_a_hopeless_time_does_the_least():
    """It still tries a few settings, as short as they can be."""
    effort = within(0.1, 1.0)

    assert effort.lengths.num_trials == FEWEST_TRIALS
    assert effort.lengths.final >= 1


def test_the_number_of_trials_decides_the_space():
    """It is asked for when that is known."""
    asked = []

    def space_of(num_trials):
        asked.append(num_trials)
        return SPACE

    effort_for(Demand(num_train=1000, num_trials=5), ENDLESS, space_of, unasked)

    assert asked == [5]


@pytest.mark.parametrize(("seconds", "num_trials"), [(math.inf, 9), (60.0, 9), (60.0, None)])
def test_given_updates_are_kept(seconds, num_trials):
    """With a time they decide how many trials there are."""
    effort = within(seconds, 1e-5, num_steps=300, batch_size=16, num_trials=num_trials)
    recipe = effort.lengths.trained(BASE.changed(num_steps=300), 50)

    assert recipe.num_steps == 300
    assert num_trials is None or effort.lengths.num_trials == num_trials


def test_time_that_is_kept_for_other_things_is_not_planned():
    """The search ends earlier, and lengths fit what is left."""
    clock = Clock(time.monotonic(), 1000.0)
    whole, less = (
        effort_for(Demand(num_train=10**6, aside=aside), clock, lambda _: SPACE, lambda: 1e-3)
        for aside in (Aside(), Aside(0.1, 0.1))
    )

    assert less.search_ends - whole.search_ends == pytest.approx(-0.2 * SEARCH_SHARE * 960, rel=0.02)
    assert less.lengths.final == pytest.approx(0.8 * whole.lengths.final, rel=0.02)
    assert less.aside == Aside(0.1, 0.1)


@pytest.mark.parametrize("paces", [None, {}, {16: Pace(100, 2e-5), 32: Pace(90, 1e-5)}])
def test_what_stood_beside_the_search_is_read_back(paces):
    """Undecided, decided against, or decided."""
    effort = Effort(SPACE, "zoom", LENGTHS, 1, 2, aside=Aside(0.1, 0.1), paces=paces, grid_steps=300)
    effort = replace(effort, final_ages={} if paces is None else {3: 1000, 7: 20})

    assert repeated(json.loads(json.dumps(effort.as_plain()))) == effort


def test_what_was_decided_can_be_done_again():
    """From JSON; only the moment is new."""
    effort = Effort(SPACE, "zoom", LENGTHS, 5, 2, pack_size=8, num_alike=2)
    plain = json.loads(json.dumps(effort.as_plain()))

    assert repeated(plain) == effort
    assert repeated(plain, 12.0).search_ends == 12.0


@pytest.mark.parametrize(
    "broken", [{}, {"space": 3}, {"lengths": {"rungs": [1]}}, {"base": {"learning_rat": 1}}]
)
def test_a_run_that_does_not_say_what_was_decided_is_refused(broken):
    """Rather than repeated otherwise."""
    plain = {**Effort(SPACE, "zoom", LENGTHS, 1, 2).as_plain(), **broken} if broken else {}

    with pytest.raises(RecordError, match="does not say what was decided"):
        repeated(plain)


@pytest.mark.parametrize("limited", [True, False])
def test_a_search_that_is_diagnosed_has_exams(limited):
    """By the data or by the time; written down, so that it goes on with the same."""
    demand = {"num_train": 1000, "num_trials": 8}
    clock = Clock(time.monotonic(), 100.0) if limited else ENDLESS
    plain, examined = (
        effort_for(Demand(**demand, diagnosed=flag), clock, lambda _: SPACE, lambda: 1e-5).lengths.exams
        for flag in (False, True)
    )

    assert plain == ()
    assert len(examined) == 5
