"""Ranges with one end moved."""

import pytest

from practicum.recipe.space import Integer, Linear, Log, LogInteger, LogNormal
from practicum.tuning.analysis.ends import extended


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


@pytest.mark.parametrize("side", ["low", "high"])
def test_the_other_end_stays(side):
    """Only one end moves, and outwards."""
    found = extended(Log(1e-4, 1e-2), side, "learning_rate")

    assert found == (Log(1e-5, 1e-2) if side == "low" else Log(1e-4, 1e-1))


def test_a_wide_logarithmic_range_never_begins_at_zero():
    """A low end may be a billionth of the high one, where that was extended before."""
    assert extended(Log(1e-6, 1e3), "low", "learning_rate").low == pytest.approx(3.16228e-11)
