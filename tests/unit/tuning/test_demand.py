"""Facts about what is asked of a search before anything is measured."""

from __future__ import annotations

import pytest
from tests.oracles.arenas import SPACE

from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.request import Request
from practicum.tuning.demand import FEW_ROWS, NUM_FOLDS, SMALL_SPACE_TRIALS, Demand, folds_for, space_for
from practicum.tuning.finals import NUM_FINALISTS


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


def test_what_only_the_small_space_varies_may_be_asked_about():
    """However many settings there are: the default's rule has no momentum."""
    for count in (SMALL_SPACE_TRIALS - 1, SMALL_SPACE_TRIALS, None):
        found = space_for(None, Recipe(), 1000, count, ["momentum"])

        assert found["momentum"].role == "scientific"


@pytest.mark.parametrize(
    ("values", "diagnosed"), [({}, True), ({"diagnosis": False}, False), ({"recipe": Recipe()}, False)]
)
def test_a_search_is_diagnosed_unless_that_is_refused(values, diagnosed):
    """A recipe that is given is trained, whatever comes of it."""
    assert Demand.of(Request(data=None, target="y", **values), 100, 125).diagnosed is diagnosed
