"""Ranges with one end moved."""

import pytest

from practicum.recipe.space import Integer, Linear, Log, LogInteger, LogNormal
from practicum.tuning.analysis.ends import FARTHEST, MOST_RATIO, beyond, extended


def test_an_entry_of_ones_own_has_no_limits():
    """The guide knows no limit of a user's own setting."""
    assert extended(Linear(0.0, 1.0), "low", "model.shift") == Linear(-0.5, 1.0)


def test_a_log_normal_moves_its_median_by_one_deviation():
    """A normal has no end to be moved."""
    assert extended(LogNormal(0.01, 1.0), "high", "learning_rate").median == pytest.approx(0.02718, rel=1e-3)


@pytest.mark.parametrize("inner", [LogInteger(1, 4), Integer(1, 2)])
def test_whole_numbers_stay_possible(inner):
    """Nothing below the guide's limit or, on a log scale, below one."""
    assert extended(inner, "low", "batch_size").ends[0] >= 1


def test_a_range_too_small_to_grow_stays():
    """Half of a width of one is no whole number."""
    assert extended(Integer(3, 4), "high", "num_layers") == Integer(3, 4)


def test_a_narrow_logarithmic_range_at_least_doubles():
    """Half of the way from 2 to 4 would be no step."""
    assert extended(LogInteger(2, 4), "high", "width") == LogInteger(2, 8)


def test_by_all_of_its_width_where_asked():
    """On the entry's own scale."""
    assert extended(Log(1e-4, 1e-2), "high", "learning_rate", 1.0) == Log(1e-4, 1.0)
    assert extended(Linear(0.0, 1.0), "low", "model.shift", 1.0) == Linear(-1.0, 1.0)


@pytest.mark.parametrize("side", ["low", "high"])
def test_the_other_end_stays(side):
    """Only one end moves, and outwards."""
    found = extended(Log(1e-4, 1e-2), side, "learning_rate")

    assert found == (Log(1e-5, 1e-2) if side == "low" else Log(1e-4, 1e-1))


def test_a_wide_logarithmic_range_never_begins_at_zero():
    """A low end may be a billionth of the high one, where that was extended before."""
    assert extended(Log(1e-6, 1e3), "low", "learning_rate").low == pytest.approx(1e-8)


def test_sizes_have_an_end():
    """Memory grows with the square of the width; a range of the user's that lies further out stays as it is."""
    assert extended(LogInteger(64, 2048), "high", "width") == LogInteger(64, FARTHEST["width"])
    assert extended(LogInteger(64, 8192), "high", "width") == LogInteger(64, 8192)
    assert extended(LogInteger(64, 8192), "low", "width").low < 64
    assert extended(Integer(1, 7), "high", "num_layers") == Integer(1, FARTHEST["num_layers"])


def test_a_move_has_a_most():
    """Of nine decades no half is added."""
    assert extended(Log(1e-6, 1e3), "high", "learning_rate").high == pytest.approx(1e3 * MOST_RATIO)


@pytest.mark.parametrize("side", ["low", "high"])
@pytest.mark.parametrize("old", [Log(1e-4, 1e-2), Linear(0.2, 0.5), Integer(4, 9), LogInteger(8, 64)])
def test_what_is_new_and_what_was_make_the_extended_range(old, side):
    """They share the old end."""
    new = extended(old, side, "model.size")
    added = beyond(old, new)

    assert {old.low, old.high, added.low, added.high} == {new.low, new.high, old.low, old.high}
    assert (added.low, added.high) == ((new.low, old.low) if side == "low" else (old.high, new.high))


def test_of_a_normal_everything_is_new():
    """Its middle moved."""
    new = extended(LogNormal(0.01, 1.0), "high", "learning_rate")

    assert beyond(LogNormal(0.01, 1.0), new) == new
