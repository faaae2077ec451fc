"""Intervals that need no random numbers."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from practicum.core.intervals import (
    Difference,
    combined,
    fraction_interval,
    jackknife_half,
    matched_difference,
    normal_quantile,
    wilson,
)
from practicum.core.seeds import stream


@pytest.mark.parametrize(("wrong", "rows"), [(0, 10), (3, 10), (10, 10), (1, 1), (123, 5000)])
def test_wilson_is_scipys(wrong: int, rows: int):
    """Wilson's interval agrees with scipy.stats.binomtest to 1e-9."""
    expected = stats.binomtest(wrong, rows).proportion_ci(0.95, method="wilson")

    assert wilson(wrong, rows) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(st.integers(1, 2000).flatmap(lambda rows: st.tuples(st.integers(0, rows), st.just(rows))))
def test_wilson_holds_the_fraction_and_stays_within_zero_and_one(case: tuple[int, int]):
    """0 ≤ low ≤ fraction ≤ high ≤ 1 for every count."""
    low, high = wilson(*case)

    assert 0.0 <= low <= case[0] / case[1] <= high <= 1.0


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=200))
def test_matched_difference_holds_its_value_and_is_antisymmetric(rows: list[int]):
    """low ≤ value ≤ high within [-1, 1], and swapping the two turns the signs."""
    found, swapped = matched_difference(np.array(rows)), matched_difference(-np.array(rows))

    assert -1.0 <= found.low <= found.value <= found.high <= 1.0
    assert (swapped.value, swapped.low, swapped.high) == pytest.approx(
        (-found.value, -found.high, -found.low)
    )


def test_matched_difference_covers_about_as_often_as_it_says():
    """In 2,000 simulations of 60 pairs the 95 % interval covers at least 94 %."""
    generator = stream(0, "test matched coverage")
    worse = generator.choice([-1, 0, 1], p=[0.15, 0.80, 0.05], size=(2000, 60))
    found = [matched_difference(row) for row in worse]

    assert np.mean([each.low <= -0.10 <= each.high for each in found]) >= 0.94


def test_jackknife_of_a_mean_is_the_t_interval():
    """For a mean the jackknife gives Student's interval exactly."""
    rows = stream(0, "test jackknife").normal(size=25)
    expected = stats.t.ppf(0.975, 24) * stats.sem(rows)

    assert jackknife_half((rows.sum() - rows) / 24) == pytest.approx(expected, rel=1e-9)


def test_jackknife_of_one_row_is_unbounded():
    """One row says nothing about the spread."""
    assert jackknife_half(np.array([1.0])) == inf


@pytest.mark.parametrize(
    ("low", "high", "clear"), [(-0.2, -0.1, True), (-0.1, 0.0, False), (0.01, 0.2, True)]
)
def test_a_difference_is_clear_when_its_interval_leaves_out_zero(low: float, high: float, clear: bool):
    """Zero on the border still counts as inside."""
    assert Difference(0.0, low, high).clear is clear


def test_normal_quantile_is_scipys():
    """The deviate agrees with scipy's."""
    assert normal_quantile(0.95) == pytest.approx(float(stats.norm.ppf(0.95)), rel=1e-9)


@given(st.integers(1, 200).flatmap(lambda rows: st.tuples(st.integers(0, rows), st.just(rows))))
def test_a_fraction_known_as_well_as_from_so_many_rows_has_wilsons_interval(case: tuple[int, int]):
    """Whole numbers of rows give Wilson's; half as many rows give a wider one."""
    fraction = case[0] / case[1]
    low, high = fraction_interval(fraction, case[1])
    wide_low, wide_high = fraction_interval(fraction, case[1] / 2)

    assert (low, high) == wilson(*case)
    assert wide_low <= low <= high <= wide_high


def test_independent_estimates_are_combined_by_adding_squares():
    """Half widths 3 and 4 give the mean one of 5 / 2; a single estimate keeps its interval."""
    assert combined([10.0, 20.0], [(7.0, 13.0), (16.0, 24.0)]) == pytest.approx((12.5, 17.5))
    assert combined([0.2], [(0.1, 0.4)]) == pytest.approx((0.1, 0.4))
