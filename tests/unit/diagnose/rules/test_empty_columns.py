"""Facts about the rule of columns that say nothing."""

import torch
from tests.made_rows import facts_of, normal

from practicum.diagnose.rules.empty_columns import check


def _check(x):
    return check(facts_of((x, normal(len(x), 1, seed=9))))


def test_many_columns_of_one_value_are_a_warning():
    """Three of ten hold zero."""
    x = normal(100, 10)
    x[:, 2:5] = 0

    assert _check(x).severity == "warning"
    assert "3 hold one value" in _check(x).text


def test_copies_are_counted_beside_those_they_are_of():
    """One of two twins is too many."""
    x = normal(100, 10)
    x[:, 7], x[:, 8] = x[:, 0], x[:, 0]

    assert "2 are copies" in _check(x).text


def test_columns_that_differ_are_silent():
    """Nothing is to be said of them."""
    assert _check(normal(100, 10)) is None


def test_a_single_copy_among_many_is_worth_knowing():
    """Just below the share that is a warning."""
    x = normal(100, 11)
    x[:, 7] = x[:, 0]

    assert _check(x).severity == "info"


def test_pixels_that_are_always_background_are_silent():
    """Their value is that of many other cells."""
    x = torch.relu(normal(100, 10))
    x[:, :3] = 0

    assert _check(x) is None


def test_rare_words_that_go_together_are_no_copies():
    """Two words that stand in the same three texts."""
    x = torch.relu(normal(100, 10))
    x[:, :2] = 0
    x[:3, :2] = 1

    assert _check(x) is None
