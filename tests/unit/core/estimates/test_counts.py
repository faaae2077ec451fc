"""Balanced error and F1 from counts; tests/unit/core/test_measuring.py holds them against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.estimates.counts import (
    balanced_difference,
    balanced_error,
    balanced_interval,
    f1_difference,
    f1_error,
    f1_interval,
)
from practicum.core.intervals import matched_difference, wilson
from practicum.core.seeds import stream


def test_every_class_counts_alike():
    """One wrong row of two weighs as five of ten."""
    class_N = np.array([0] * 10 + [1] * 2)
    one, five = np.zeros(12, dtype=np.bool_), np.zeros(12, dtype=np.bool_)
    one[-1] = True
    five[:5] = True

    assert balanced_error(class_N, one) == balanced_error(class_N, five) == 0.25


def test_a_single_class_gives_the_intervals_of_plain_fractions():
    """Wilson's, and Agresti and Min's."""
    class_N, wrong_N = np.zeros(30, dtype=np.int64), np.arange(30) < 4

    assert balanced_interval(class_N, wrong_N) == pytest.approx(wilson(4, 30))
    plain = matched_difference(wrong_N.astype(np.int64))
    found = balanced_difference(class_N, wrong_N, np.zeros(30, dtype=np.bool_))
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40))
def test_binary_f1_is_a_function_of_jaccards_fraction(rows: list[tuple[int, int]]):
    """F1 = 2 J / (1 + J), for the number and for both ends of its interval."""
    class_N, predicted_N = np.array(rows).T
    right, union = int((class_N & predicted_N).sum()), int((class_N | predicted_N).sum())
    share = right / union if union else 0.0
    error = f1_error(class_N, predicted_N, binary=True)
    low, high = f1_interval(class_N, predicted_N, binary=True)

    assert error == pytest.approx(1 - 2 * share / (1 + share))
    assert 0.0 <= low <= error + 1e-12
    assert error - 1e-12 <= high <= 1.0


def test_a_row_of_no_class_is_missed_by_its_own_and_named_by_none():
    """Predicted −1: the class has one right row of two, and no other suffers."""
    found = f1_error(np.array([0, 1, 1]), np.array([0, 1, -1]), binary=False)

    assert found == pytest.approx(1 - (1 + 2 / 3) / 2)


def test_the_delta_methods_variance_is_the_jackknifes():
    """To first order: half widths of differences of macro F1 agree within a tenth on 400 rows."""
    generator = stream(0, "test f1 delta")
    class_N = generator.integers(0, 3, 400)
    a_N = np.where(generator.random(400) < 0.7, class_N, generator.integers(0, 3, 400))
    b_N = np.where(generator.random(400) < 0.6, class_N, generator.integers(0, 3, 400))
    found = f1_difference(class_N, a_N, b_N, binary=False)
    without = []
    for i in range(400):
        left = np.delete(np.arange(400), i)
        without.append(
            f1_error(class_N[left], a_N[left], binary=False)
            - f1_error(class_N[left], b_N[left], binary=False)
        )
    spread = np.sqrt(399 / 400 * ((np.array(without) - np.mean(without)) ** 2).sum())

    assert (found.high - found.low) / 2 == pytest.approx(1.96 * spread, rel=0.1)


def test_a_single_row_tells_nothing_of_a_difference():
    """The interval is everything."""
    found = f1_difference(np.array([1]), np.array([1]), np.array([0]), binary=True)

    assert (found.low, found.high) == (-1.0, 1.0)
