"""Points and boxes of a space's unit cube."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, LogInteger, SometimesOff, Space
from practicum.tuning.samplers.cube import Cube

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-4, 1.0)),
        Entry("update_rule", Choice(("sgd", "adam"))),
        Entry("momentum", Linear(0.1, 0.99), when={"update_rule": ("sgd",)}),
        Entry("l2_penalty", SometimesOff(Log(1e-3, 1.0))),
        Entry("num_layers", Integer(1, 6)),
        Entry("width", LogInteger(16, 128, multiple=16)),
        Entry("batch_size", Choice((16, 32, 64))),
    )
)
CUBE = Cube(SPACE)
AXIS = {name: number for number, name in enumerate(SPACE.names)}
UNITS = st.lists(st.floats(0, 1, exclude_max=True), min_size=len(SPACE), max_size=len(SPACE))


@given(units=UNITS)
def test_a_point_is_the_inverse_of_its_values(units):
    """Snapped points and values are the same thing."""
    point = CUBE.snapped(np.array([units]))[0]

    again = CUBE.point(CUBE.values(point))
    np.testing.assert_allclose(again, point, atol=1e-9)


@given(units=UNITS, width=st.floats(0.01, 1), seed=st.integers(0, 99))
def test_boxes_hold_their_centre_and_their_points(units, width, seed):
    """The centre lies in its box, no box leaves the cube, and ordered entries of all points lie in it."""
    centre = CUBE.snapped(np.array([units]))[0]
    low, high = CUBE.box(centre, width)
    points = CUBE.around(centre, width, *stream(seed, "test").random((3, 20, len(SPACE))))

    acting = ~np.isnan(centre)
    assert ((low >= 0) & (high <= 1) & (low < high)).all()
    assert (centre[acting] >= low[acting] - 1e-9).all()
    assert (centre[acting] <= high[acting] + 1e-9).all()
    rates = points[:, AXIS["learning_rate"]]
    assert ((rates >= low[AXIS["learning_rate"]]) & (rates <= high[AXIS["learning_rate"]])).all()


@given(units=UNITS, width=st.floats(0.01, 1))
def test_a_part_has_the_centre(units, width):
    """The space of a box takes the values of its centre."""
    centre = CUBE.snapped(np.array([units]))[0]
    part = CUBE.part(CUBE.box(centre, width))

    assert all(part[name].distribution.takes(value) for name, value in CUBE.values(centre).items())


def test_a_box_reaches_the_neighbours_of_a_discrete_value():
    """However small it is, the next value is in reach."""
    centre = CUBE.point({**CUBE.values(np.full(len(SPACE), 0.5)), "num_layers": 3})
    points = CUBE.around(centre, 0.01, *stream(0, "test").random((3, 300, len(SPACE))))

    layers = {CUBE.values(point)["num_layers"] for point in points}
    assert layers == {2, 3, 4}


def test_choices_are_apart_and_numbers_at_their_distance():
    """Two options are as far apart as the ends of a range; ascending numbers of a choice have an order."""
    base = {"learning_rate": 0.01, "l2_penalty": 0.0, "num_layers": 1, "width": 16, "batch_size": 16}
    points = np.array(
        [
            CUBE.point({**base, "update_rule": "sgd", "momentum": 0.545}),
            CUBE.point({**base, "update_rule": "adam", "batch_size": 32}),
        ]
    )

    squares = CUBE.squares(points[:1], points[1:])[:, 0, 0]
    assert squares[AXIS["update_rule"]] == 1
    assert squares[AXIS["batch_size"]] == pytest.approx(1 / 9)
    assert squares[AXIS["momentum"]] == pytest.approx(0)  # does not act in the second: thought in the middle


def test_values_outside_the_space_have_no_point():
    """Neither values out of range nor other names."""
    assert CUBE.point({"learning_rate": 9.0}) is None
    assert CUBE.point({"dropout": 0.5}) is None


def test_what_does_not_act_is_nan():
    """An entry whose condition does not hold has no place."""
    point = CUBE.point(SPACE.values({**dict.fromkeys(SPACE.names, 0.3), "update_rule": 0.9}))

    assert [name for name in SPACE.names if math.isnan(point[AXIS[name]])] == ["momentum"]
