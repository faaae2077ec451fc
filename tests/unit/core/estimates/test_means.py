"""Means over rows and their intervals; tests/unit/core/test_measuring.py holds them against scikit-learn."""

from math import inf, isnan

import numpy as np
import pytest
from scipy import stats

from practicum.core.estimates.means import (
    log_losses,
    mean_difference,
    mean_interval,
    root_mean,
    without_each,
)
from practicum.core.seeds import stream


def test_without_each_is_the_slow_one():
    """The mean with row i left out, for every i."""
    rows = stream(0, "test without").exponential(size=20)
    slow = [np.delete(rows, i).mean() for i in range(20)]

    assert without_each(rows) == pytest.approx(slow)


def test_a_paired_difference_of_means_is_students():
    """The same as scipy's paired t interval."""
    generator = stream(0, "test paired means")
    a, b = generator.exponential(size=(2, 40))
    expected = stats.ttest_rel(a, b).confidence_interval(0.95)
    found = mean_difference(a.mean(), b.mean(), without_each(a) - without_each(b))

    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-6)


def test_rows_alike_leave_no_doubt():
    """Nothing spreads, so the interval is the value; 0 everywhere is 0."""
    assert mean_interval(2.0, without_each(np.full(10, 2.0))) == pytest.approx((2.0, 2.0))
    assert mean_interval(0.0, np.zeros(10)) == (0.0, 0.0)


def test_one_row_that_alone_is_off_may_be_worth_anything():
    """No warning: from 0 without end."""
    low, high = mean_interval(1.0, without_each(np.array([10.0] + [0.0] * 9)))

    assert low < 1e-9
    assert high > 1e9


def test_two_rows_say_nothing():
    """From 0 without end, and a difference without ends."""
    assert mean_interval(1.0, np.array([1.0, 1.0])) == (0.0, inf)
    found = mean_difference(1.0, 2.0, np.array([0.0, 0.1]))
    assert (found.value, found.low, found.high) == (-1.0, -inf, inf)


def test_what_is_not_finite_has_no_difference():
    """Nan, without ends."""
    found = mean_difference(inf, 1.0, np.array([1.0, 2.0, 3.0]))

    assert isnan(found.value)
    assert (found.low, found.high) == (-inf, inf)
    assert root_mean(np.array([1.0, inf])) == inf


def test_a_probability_of_zero_costs_36_nats():
    """As scikit-learn's floor; a row that is not finite costs everything."""
    found = log_losses(np.array([0, 1]), np.array([[0.0, 1.0], [np.nan, np.nan]]))

    assert found[0] == pytest.approx(36.04, abs=0.01)
    assert found[1] == inf
