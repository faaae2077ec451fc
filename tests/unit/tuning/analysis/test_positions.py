"""Where trials lie in their space."""

from math import inf, nan

import numpy as np
import pytest

from practicum.recipe.space import Choice, Entry, Integer, Log, LogInteger, SometimesOff, Space
from practicum.tuning.analysis.positions import (
    best_of,
    errors_of,
    few_positions,
    numbers_of,
    positions_of,
    searched_entries,
)
from practicum.tuning.trial import Tried


def test_a_trial_that_diverged_or_has_no_number_has_an_infinite_error():
    """Divergence, nan and inf are one and the same: no error."""
    tried = [Tried(0, {}, 0.1, diverged=True), Tried(1, {}, nan), Tried(2, {}, inf), Tried(3, {}, 0.2)]

    assert errors_of(tried).tolist() == [inf, inf, inf, 0.2]


def test_of_two_alike_the_first_is_best():
    """Ties go to the lower number, whatever the order of the list."""
    assert best_of([Tried(3, {}, 0.2), Tried(1, {}, 0.2)]).number == 1


def test_there_is_no_best_where_all_diverged():
    """Nothing finite, nothing best."""
    assert best_of([Tried(0, {}, inf)]) is None
    assert best_of([]) is None


def test_off_absent_and_out_of_range_have_no_position():
    """Positions are of numbers inside the range only."""
    entry = Entry("l2_penalty", SometimesOff(Log(1e-4, 1.0)))
    tried = [
        Tried(i, values, 0.1) for i, values in enumerate(({"l2_penalty": 0.0}, {}, {"l2_penalty": 50.0}))
    ]

    found = positions_of([*tried, Tried(3, {"l2_penalty": 0.01}, 0.1)], entry)

    assert np.isnan(found[:3]).all()
    assert found[3] == pytest.approx(0.5)


def test_a_choice_has_no_numbers():
    """Options have no order, even if they are numbers [3.3-01]."""
    assert numbers_of(Entry("width", Choice((64, 128)))) is None


@pytest.mark.parametrize(
    ("distribution", "count"), [(Integer(1, 5), 5), (LogInteger(16, 64, multiple=16), 4)]
)
def test_few_whole_numbers_are_looked_at_one_by_one(distribution, count):
    """Every value's own position, in ascending order."""
    found = few_positions(distribution)

    assert len(found) == count
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("distribution", [Integer(1, 100), Log(1e-3, 1)])
def test_many_values_are_a_continuum(distribution):
    """No list of positions there."""
    assert few_positions(distribution) is None


def test_an_entry_that_never_changed_is_left_out():
    """A constant says nothing; one that acts in some trials only says something."""
    space = Space((Entry("learning_rate", Log(1e-4, 1.0)), Entry("l2_penalty", Log(1e-4, 1.0))))
    tried = [Tried(0, {"learning_rate": 0.1, "l2_penalty": 0.1}, 1), Tried(1, {"learning_rate": 0.1}, 2)]

    assert [entry.name for entry in searched_entries(space, tried)] == ["l2_penalty"]
