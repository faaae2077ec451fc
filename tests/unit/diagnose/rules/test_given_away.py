"""Facts about the rule of a column that gives the answer away."""

import torch
from tests.made_rows import facts_of, normal

from practicum.diagnose.rules.given_away import check

Y = normal(300, 1, seed=5)


def _check(noise, y=Y, others=0.0):
    x = normal(300, 4) + others * y.float()
    x[:, 2:3] = y.float() + noise * normal(300, 1, seed=7)
    return check(facts_of((x, y)))


def test_a_column_that_is_the_target_and_some_noise_is_named():
    """It is column 2."""
    assert "Input column 2 alone" in _check(0.1)


def test_the_number_of_a_class_in_a_column_is_named_as_well():
    """Classes are told apart by it."""
    assert "Input column 2 alone" in _check(0.1, torch.arange(300)[:, None] % 3)


def test_columns_that_say_nothing_are_silent():
    """The target is in none."""
    assert check(facts_of((normal(300, 4), Y))) is None


def test_a_column_with_half_as_much_noise_as_signal_is_silent():
    """A good input explains four fifths."""
    assert _check(0.5) is None


def test_where_all_columns_tell_nearly_all_none_gives_it_away():
    """As the last values of a series do."""
    assert _check(0.1, others=10.0) is None
