"""Laws of observations: counts are repetitions, and the order of rows is forgotten."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from practicum.core.seeds import stream
from practicum.data.observations import are_counts, observe

COUNTS = st.lists(st.integers(0, 5), min_size=2, max_size=30).filter(any)


def table(num_rows: int) -> pl.DataFrame:
    """Return rows of every type of column, some cells missing, some rows alike."""
    number = np.arange(num_rows) // 2
    return pl.DataFrame(
        {
            "x": np.where(number % 3 == 0, np.nan, number * 0.5),
            "whole": number % 4,
            "text": [None if k % 5 == 0 else f"level {k % 7}" for k in number.tolist()],
            "truth": number % 2 == 0,
            "day": [date(2020, 1, 1 + k % 28) for k in number.tolist()],
        },
        nan_to_null=True,
    ).with_columns(pl.col("text").cast(pl.Categorical).alias("level"))


@given(COUNTS, st.integers(0, 9))
def test_counts_are_repetitions_in_any_order(counts, seed):
    """A weight of 3 is the same as the row three times, wherever the rows stand, to the bit."""
    frame, weights = table(len(counts)), np.array(counts, dtype=np.float64)
    repeated = frame[np.repeat(np.arange(len(frame)), counts)]
    order, other = (
        stream(seed, "tests", k).permutation(n) for k, n in enumerate((len(frame), len(repeated)))
    )
    found = observe(frame[order], weights[order])

    assert_frame_equal(found.frame, observe(repeated[other]).frame)
    assert found.importance is None


def test_rows_come_in_the_same_order_in_every_process():
    """The order follows from the content by arithmetic that no version of a library decides."""
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 5.0], "y": ["a", "b", "a", "b", None]})

    assert observe(frame).frame["x"].to_list() == [5.0, 1.0, 2.0, 4.0, 3.0]


def test_numbers_have_one_order_in_every_type():
    """Whole numbers, floats of both sizes, and negative zero stand where their values say."""
    numbers = pl.Series("x", [3, 0, -7, 12, 5])
    frames = [pl.DataFrame({"x": numbers.cast(kind)}) for kind in (pl.Int64, pl.Float32, pl.Float64)]
    frames.append(pl.DataFrame({"x": [3.0, -0.0, -7.0, 12.0, 5.0]}))

    assert len({tuple(observe(frame).frame["x"].cast(pl.Int64).to_list()) for frame in frames}) == 1


def test_weights_that_are_not_whole_are_importances():
    """The row stays one observation, and keeps its weight beside it."""
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0]})
    found = observe(frame, np.array([0.5, 2.0, 0.0]))

    assert dict(zip(found.frame["x"].to_list(), found.importance.tolist(), strict=True)) == {
        1.0: 0.5,
        2.0: 2.0,
    }


def test_importances_multiply_and_counts_repeat():
    """Counts and importances of classes go their own ways."""
    frame = pl.DataFrame({"x": [1.0, 2.0]})
    found = observe(frame, np.array([2.0, 1.0]), np.array([0.25, 3.0]))

    assert sorted(zip(found.frame["x"].to_list(), found.importance.tolist(), strict=True)) == [
        (1.0, 0.25),
        (1.0, 0.25),
        (2.0, 3.0),
    ]


def test_importances_that_are_all_alike_are_none():
    """Nothing is weighted where nothing differs."""
    assert observe(pl.DataFrame({"x": [1.0, 2.0]}), np.array([0.5, 0.5])).importance is None


@pytest.mark.parametrize(
    ("weights", "counts"),
    [([1.0, 0.0, 3.0], True), ([1.0, 0.5], False), ([1e7, 1.0], False), ([5e5, 1.0], True)],
)
def test_huge_whole_weights_are_no_counts(weights, counts):
    """Counts are whole numbers whose rows a memory can hold."""
    assert are_counts(np.array(weights)) is counts
