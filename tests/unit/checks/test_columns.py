"""Facts about columns of numbers."""

import numpy as np

from practicum.checks.columns import FAR_TAIL, tail_length, told_by_each, twins

RANDOM = np.random.default_rng(0)


def test_a_mirrored_column_is_a_twin_where_that_is_asked():
    """A column and its negative say the same."""
    x = RANDOM.normal(size=(50, 3))
    x[:, 2] = -x[:, 0]

    assert twins(x) == [(0, 2)]
    assert twins(x, mirrored=False) == []


def test_constant_columns_are_no_twins():
    """They have no correlation."""
    assert twins(np.ones((9, 3))) == []


def test_a_normal_column_has_a_short_tail():
    """Three deviations are about two quartile distances."""
    assert tail_length(RANDOM.normal(size=2000)) < 5


def test_a_column_that_is_mostly_one_value_has_no_quartiles():
    """Its tail cannot be told."""
    assert tail_length(np.append(np.zeros(99), 1e6)) == 0
    assert tail_length(np.append(np.linspace(0, 1, 99), 1e6)) > FAR_TAIL


def test_what_a_column_tells_of_numbers_is_the_squared_correlation():
    """Of classes, the share of its variance between them."""
    x = RANDOM.normal(size=(200, 2))
    y = x[:, :1] + RANDOM.normal(size=(200, 1))
    told = told_by_each(x, y)
    np.testing.assert_allclose(told[0], np.corrcoef(x[:, 0], y[:, 0])[0, 1] ** 2)

    classes = (y > 0).astype(float)
    of_classes = told_by_each(x, np.concatenate([classes, 1 - classes], 1))
    np.testing.assert_allclose(of_classes[0], np.corrcoef(x[:, 0], classes[:, 0])[0, 1] ** 2)
