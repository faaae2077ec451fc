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
from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.request import Request
from practicum.tuning.aside import Aside
from practicum.tuning.effort import (
    DEFAULT_TRIALS,
    FEW_ROWS,
    NUM_FOLDS,
    SEARCH_SHARE,
    SMALL_SPACE_TRIALS,
    Demand,
    Effort,
    effort_for,
    folds_for,
    repeated,
    space_for,
)
from practicum.tuning.equal_time import Pace
from practicum.tuning.finals import NUM_FINALISTS
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


def test_a_request_becomes_a_demand():
    """Few rows are trained on in folds, with fewer seeds of each, and all rows but one fold."""
    few = Demand.of(Request(data=None, target="y", num_seeds=5), 600, 1000)
    many = Demand.of(Request(data=None, target="y", num_seeds=5), FEW_ROWS, FEW_ROWS + 1000)
    given = Demand.of(Request(data=None, target="y", recipe=Recipe()), 600, 1000)

    assert (few.num_folds, few.num_train, few.num_seeds) == (NUM_FOLDS, 800, 2)
    assert (many.num_folds, many.num_train, many.num_seeds) == (1, FEW_ROWS, 5)
    assert (given.searched, given.num_folds) == (False, 1)
    assert (few.num_finals, given.num_finals) == (NUM_FINALISTS * 2 * NUM_FOLDS, 5)


@pytest.mark.parametrize(
    ("values", "num_known", "folds"),
    [
        ({}, 100, NUM_FOLDS),
        ({}, FEW_ROWS, 1),
        ({"num_folds": 3}, FEW_ROWS, 3),
        ({"time": "when"}, 100, 1),
        ({"recipe": Recipe()}, 100, 1),
    ],
)
def test_few_rows_are_folded(values, num_known, folds):
    """Unless asked otherwise, unless time orders them, unless nothing is chosen [3-03]."""
    assert folds_for(Request(data=None, target="y", **values), num_known) == folds


def test_few_trials_vary_what_matters_most():
    """A space that is given stays; pixels keep their common scale."""
    few, many = (
        space_for(None, Recipe(), 1000, count) for count in (SMALL_SPACE_TRIALS - 1, SMALL_SPACE_TRIALS)
    )
    pixels = space_for(None, Recipe(preprocess="unit"), 1000, None)

    assert few.names == Space.preset("small").names
    assert many.names == Space.preset("default").names
    assert "preprocess" not in pixels.names
    assert pixels.base.preprocess == "unit"
    assert space_for(SPACE, Recipe(), 1000, 3) is SPACE


def test_what_is_asked_about_is_varied():
    """The small space gives way where it does not vary it; the role goes into every kind of space."""
    few = SMALL_SPACE_TRIALS - 1

    assert space_for(None, Recipe(), 1000, few, ["momentum"]).names == Space.preset("small").names
    assert space_for(None, Recipe(), 1000, few, ["dropout"])["dropout"].role == "scientific"
    assert space_for("chapter", Recipe(), 1000, few, ["dropout"])["dropout"].role == "scientific"
    assert space_for(SPACE, Recipe(), 1000, few, ["momentum"])["momentum"].role == "scientific"


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
