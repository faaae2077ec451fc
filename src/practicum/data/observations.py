"""Rows with weights turned into rows without: counted rows are repeated, importances kept beside, order forgotten.

What is learned then depends on which rows were observed and how often, and on nothing else: not on the order in which
they were given, and not on whether a row stands there three times or once with a weight of 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from practicum.core.seeds import stream
from practicum.data.text import is_textual

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST_REPEATED = 1_000_000
"""Weights that are whole numbers repeat rows up to so many (or ten times the rows given); beyond, they count as
importances."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Rows to learn from, in an order that only their content decides.

    Attributes:
        frame: inputs and target; a row that was counted three times stands there three times.
        importance: of each row, shape (N,); None where all are alike.
    """

    frame: pl.DataFrame
    importance: Floats | None = None


def observe(
    frame: pl.DataFrame, weights: Floats | None = None, importance: Floats | None = None
) -> Observations:
    """Return the observations in ``frame``; rows of weight 0 are left out.

    Whole weights are counts: a row of weight 3 is three observations, each of which may train or validate. If any
    weight is not whole, all are importances, of which only the ratios matter: a row then stays one observation.

    Args:
        frame: inputs and target.
        weights: ≥ 0 and not all 0, shape (N,).
        importance: of each row beside its weight, e.g. that of its class, > 0, shape (N,).

    Example:
        >>> frame = pl.DataFrame({"x": [1.0, 2.0, 3.0]})
        >>> sorted(observe(frame, np.array([2.0, 0.0, 1.0])).frame["x"].to_list())
        [1.0, 1.0, 3.0]
    """
    known = np.arange(len(frame)) if weights is None else np.flatnonzero(weights)
    given = np.ones(len(known)) if weights is None else weights[known]
    matters = np.ones(len(known)) if importance is None else importance[known]
    if are_counts(given):
        counts = given.astype(np.int64)
        known, matters = np.repeat(known, counts), np.repeat(matters, counts)
    else:
        matters = matters * given
    if len(known) != len(frame) or weights is not None:
        frame = frame[known]
    order = np.lexsort((matters, _keys(frame)))
    alike = bool((matters == matters[0]).all())
    return Observations(frame[order], None if alike else matters[order])


def are_counts(weights: Floats) -> bool:
    """Return whether ``weights`` say how often each row was observed."""
    whole = bool((weights == np.floor(weights)).all())
    return whole and float(weights.sum()) <= max(MOST_REPEATED, 10 * len(weights))


def _keys(frame: pl.DataFrame) -> NDArray[np.uint64]:
    """Return a number for each row that equal rows share and others do not, the same in every process, shape (N,)."""
    salts = stream(0, "observations").integers(0, 2**64, size=frame.width, dtype=np.uint64)
    keys = np.zeros(len(frame), dtype=np.uint64)
    for series, salt in zip(frame.get_columns(), salts, strict=True):
        keys += _mixed(_numbers(series).view(np.uint64) ^ salt)
    return keys


def _numbers(series: pl.Series) -> Floats:
    """Return cells as numbers, equal where the cells are: text by its rank, a missing cell as one fixed NaN."""
    if is_textual(series.dtype):
        series = series.cast(pl.String).rank("dense")
    elif not series.dtype.is_numeric() and series.dtype != pl.Boolean:
        series = series.to_physical()
    numbers = series.cast(pl.Float64).to_numpy() + 0.0  # no −0.0
    return np.where(np.isnan(numbers), np.nan, numbers)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return ``bits`` scattered over all 64 (the finaliser of SplitMix64; overflow is meant)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
