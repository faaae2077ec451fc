"""Few values out of many."""

from hypothesis import given
from hypothesis import strategies as st

from practicum.recipe.space import Choice, Integer, Linear, Log, LogInteger, LogNormal, SometimesOff
from practicum.tuning.samplers.levels import every_value, grid_values, key, snapped


def test_every_value_of_discrete_ones():
    """Whole numbers, multiples, options and "off" are all listed in order."""
    assert every_value(Integer(2, 5)) == (2, 3, 4, 5)
    assert every_value(LogInteger(20, 64, multiple=16)) == (32, 48, 64)
    assert every_value(Choice(("a", (1, 2)), weights=(1, 3))) == ("a", (1, 2))
    assert every_value(SometimesOff(Integer(1, 2), None)) == (None, 1, 2)


def test_a_grid_has_both_ends_and_ratios_on_a_log_scale():
    """Neighbours on a log scale differ by the same factor, without rounding noise."""
    assert grid_values(Log(1e-3, 1.0), 4) == (0.001, 0.01, 0.1, 1.0)
    assert grid_values(Linear(0.0, 1.0), 5) == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert grid_values(LogInteger(16, 1024, multiple=16), 3) == (16, 96, 1024)


def test_a_grid_repeats_no_value():
    """Fewer whole numbers than asked for are each there once."""
    assert grid_values(Integer(1, 3), 6) == (1, 2, 3)


def test_off_is_one_value_beside_the_others():
    """Of four values one is "off" and three span the range."""
    assert grid_values(SometimesOff(Log(0.01, 1.0)), 4) == (0.0, 0.01, 0.1, 1.0)


def test_a_choice_is_always_whole():
    """Options have no order, so none is left out."""
    assert grid_values(Choice(tuple("abcdef")), 2) == tuple("abcdef")


def test_one_value_is_the_middle():
    """A grid of one value takes the median."""
    assert grid_values(LogNormal(0.01, 3.0), 1) == (0.01,)


@given(unit=st.floats(0, 1, exclude_max=True), levels=st.integers(1, 8))
def test_snapping_moves_by_half_a_level_at_most(unit, levels):
    """The middle of its part is never further than half a part, and stays when snapped again."""
    once = snapped(Linear(0.0, 1.0), unit, levels)

    assert abs(once - unit) <= 0.5 / levels + 1e-12
    assert snapped(Linear(0.0, 1.0), once, levels) == once


def test_choices_are_never_snapped():
    """An option may not be lost."""
    assert snapped(Choice(tuple("abcdefghijkl")), 0.99, levels=4) == 0.99


def test_keys_tell_truth_from_one():
    """True is no 1; the order of names does not matter."""
    assert key({"a": True}) != key({"a": 1})
    assert key({"a": 1, "b": 2}) == key({"b": 2, "a": 1})
