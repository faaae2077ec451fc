"""Facts about the small grid around the winner."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.oracles.arenas import BASE, result

from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, SometimesOff, Space
from practicum.tuning.finals import Finalist
from practicum.tuning.small_grid import STEP, Axis, axis_around, grid_axes, small_grid
from practicum.tuning.trial import Tried

RATE = Entry("learning_rate", Log(1e-4, 1.0))
MOMENTUM = Entry("momentum", Linear(0.0, 0.9))
PENALTY = Entry("l2_penalty", SometimesOff(Log(1e-3, 10.0)))
SPACE = Space((RATE, MOMENTUM, PENALTY, Entry("width", Choice((64, 128)))), BASE)


def searched(count=40, error=lambda values: abs(math.log10(values["learning_rate"]) + 1)):
    """Return trials drawn at random, whose error a function says."""
    draws = stream(0, "test").random((count, len(SPACE)))
    some = [SPACE.values(dict(zip(SPACE.names, map(float, row), strict=True))) for row in draws]
    return [Tried(number, values, error(values)) for number, values in enumerate(some)]


def test_the_winner_is_among_the_values():
    """They are equal steps of the range apart, on its own scale."""
    axis = axis_around(RATE, 0.01)
    units = [RATE.distribution.unit(value) for value in axis.values]

    assert 0.01 in axis.values
    assert axis.best == 0.01
    assert np.diff(units) == pytest.approx(STEP)


@pytest.mark.parametrize(("value", "expected"), [(1e-4, 0), (1.0, 3)])
def test_at_an_end_of_the_range_all_values_lie_inside(value, expected):
    """Still four, the winner's at the end."""
    axis = axis_around(RATE, value)

    assert len(axis.values) == 4
    assert axis.values.index(value) == expected
    assert 1e-4 * (1 - 1e-9) <= axis.values[0] <= axis.values[-1] <= 1.0 + 1e-9


def test_whole_numbers_have_whole_neighbours():
    """Of few, the next ones; where there are fewer than four, all."""
    assert axis_around(Entry("num_layers", Integer(1, 10)), 5).values == (4, 5, 6, 7)
    assert axis_around(Entry("num_layers", Integer(1, 2)), 1).values == (1, 2)


def test_off_stays_among_the_values():
    """With a value of each third of the range."""
    axis = axis_around(PENALTY, 0.0)

    assert (axis.best, axis.values[0], len(axis.values)) == (0.0, 0.0, 4)
    assert axis.values[1] < 0.03 < axis.values[2] < 0.5 < axis.values[3]


def test_the_two_that_matter_most_are_the_sides():
    """As the trials say; shapes cost packs of their own and are none."""
    tried = searched(80, error=lambda values: abs(values["momentum"] - 0.5))
    values = {"learning_rate": 0.1, "momentum": 0.5, "l2_penalty": 0.0, "width": 64}
    rows, columns = grid_axes(tried, SPACE, values)

    assert rows.name == "momentum"
    assert columns.name in ("learning_rate", "l2_penalty")


def test_where_trials_cannot_tell_the_order_of_the_space_decides():
    """With few of them."""
    values = {"learning_rate": 0.1, "momentum": 0.5, "l2_penalty": 0.0, "width": 64}
    rows, columns = grid_axes(searched(3), SPACE, values)

    assert (rows.name, columns.name) == ("learning_rate", "momentum")


def test_fewer_than_two_numbers_make_no_grid():
    """An entry that does not act in the winner is none either."""
    assert grid_axes(searched(3), SPACE, {"learning_rate": 0.1, "width": 64}) is None


def test_an_entry_on_which_others_depend_is_no_side():
    """Its children would come and go."""
    child = Entry("momentum", Linear(0.0, 0.9), when={"dropout": (0.0,)})
    space = Space((Entry("dropout", SometimesOff(Linear(0.1, 0.7))), child, RATE), BASE)
    rows, columns = grid_axes([], space, {"dropout": 0.0, "momentum": 0.5, "learning_rate": 0.1})

    assert {rows.name, columns.name} == {"momentum", "learning_rate"}


def test_every_cell_is_trained_with_all_else_as_in_the_winner():
    """Its error stands where its values say."""
    axes = (Axis("learning_rate", (0.1, 0.2), 0.1), Axis("momentum", (0.0, 0.5, 0.9), 0.5))
    asked = []

    def train(some):
        asked.extend(some)
        return [
            Finalist(-1, one.values, one.recipes[0], ((result(error=r.learning_rate + r.momentum / 10),),))
            for one in some
            for r in one.recipes
        ]

    recipe = BASE.changed(num_steps=300, batch_size=64)
    grid = small_grid({"learning_rate": 0.1, "momentum": 0.5, "width": 64}, recipe, axes, train)

    assert np.allclose(grid.errors, [[0.1, 0.15, 0.19], [0.2, 0.25, 0.29]])
    assert grid.num_steps == 300
    assert asked[0].values == {"learning_rate": 0.1, "momentum": 0.0, "width": 64}
    assert {one.recipes[0].changed(learning_rate=1.0, momentum=0.0) for one in asked} == {
        recipe.changed(learning_rate=1.0, momentum=0.0)
    }
    assert grid.text == (
        "In a small grid around the chosen setting, `learning_rate` 0.1 and `momentum` 0 are the best: 0.1 [3.4-07]."
    )


def test_a_winner_that_is_best_is_said():
    """A cell that diverged is the worst there is."""
    axes = (Axis("learning_rate", (0.1, 0.2), 0.1), Axis("momentum", (0.5,), 0.5))
    errors = {0.1: 0.2, 0.2: math.nan}

    def train(some):
        return [
            Finalist(-1, one.values, one.recipes[0], ((result(error=errors[one.values["learning_rate"]]),),))
            for one in some
        ]

    grid = small_grid({}, BASE.changed(num_steps=300), axes, train)

    assert grid.errors.tolist() == [[0.2], [math.inf]]
    assert grid.text.startswith("In a small grid around it, the chosen setting (`learning_rate` 0.1 and")
