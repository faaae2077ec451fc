"""Measures that are means over rows: log loss, mean absolute error, and the root of the mean squared error.

Row values are ≥ 0, shape (N,). Their means get intervals on the log scale with Student's t, since rows far off make
the upper side the longer one.
"""

from __future__ import annotations

from math import exp, inf, isfinite, nan, sqrt

import numpy as np
import numpy.typing as npt

from practicum.core.intervals import Difference, jackknife_half

Classes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FLOOR = float(np.finfo(np.float64).eps)
"""Probabilities below it count as this large, as in :func:`sklearn.metrics.log_loss`."""


def log_losses(class_N: Classes, probability_NO: Floats) -> Floats:
    """Return −log of the probability of the right class for each row, (N,); inf where it is not finite.

    Example:
        >>> log_losses(np.array([1]), np.array([[0.5, 0.5]])).round(3)
        array([0.693])
    """
    clipped_NO = np.clip(probability_NO, FLOOR, 1.0 - FLOOR)
    right_N = clipped_NO[np.arange(len(class_N)), class_N] / clipped_NO.sum(axis=1)
    return np.where(np.isfinite(right_N), -np.log(np.where(right_N > 0, right_N, 1.0)), np.inf)


def mean_interval(value: float, without_N: Floats, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of a positive estimate, on the log scale.

    Args:
        value: the estimate.
        without_N: the same with row i left out, for every i, (N,).
        level: probability that the interval covers the truth.

    Returns:
        Two numbers; ``(0, inf)`` where one or two rows say nothing about a spread.

    Example:
        >>> rows = np.array([1.0, 2.0, 3.0, 2.0])
        >>> low, high = mean_interval(2.0, without_each(rows))
        >>> round(low, 2), round(high, 2)
        (1.04, 3.86)
    """
    if len(without_N) < 3 or not isfinite(value):
        return 0.0, inf
    if value == 0.0:
        return 0.0, 0.0
    # The floor keeps the logarithm finite where one row alone is off.
    half = jackknife_half(np.log(np.maximum(without_N, 1e-12 * value)), level)
    if half > 700.0:
        return 0.0, inf
    return value * exp(-half), value * exp(half)


def mean_difference(first: float, second: float, without_N: Floats, level: float = 0.95) -> Difference:
    """Return one estimate minus another on the same rows, by the jackknife with Student's t.

    Args:
        first: an estimate.
        second: another.
        without_N: their difference with row i left out, for every i, (N,).
        level: probability that the interval covers the difference.
    """
    if not (isfinite(first) and isfinite(second)):
        return Difference(nan, -inf, inf)
    value = first - second
    half = jackknife_half(without_N, level) if len(without_N) > 2 else inf
    return Difference(value, value - half, value + half)


def without_each(row_N: Floats) -> Floats:
    """Return the mean of the rows with row i left out, for every i, (N,)."""
    left = max(len(row_N) - 1, 1)
    return (
        np.maximum(row_N.sum() - row_N, 0.0) / left if isfinite(row_N.sum()) else np.full(len(row_N), np.nan)
    )


def root_mean(row_N: Floats) -> float:
    """Return the root of the mean of squares; inf where a value is not finite.

    Example:
        >>> root_mean(np.array([9.0, 16.0]))
        3.5355339059327378
    """
    return sqrt(float(row_N.mean())) if np.isfinite(row_N).all() else inf
