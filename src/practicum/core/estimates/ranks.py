"""1 − AUC: how often a row of a class is placed below a row of the rest, ties counting half.

Scores are (N, O), or (N, 1) for two classes, the score of class 1; only their order counts. A score that is not finite
is the worst that it can be for its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from practicum.core.intervals import Difference, fraction_interval, normal_quantile

Classes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SUREST = 4.0
"""Rows in effect for each row of the smallest class, at most."""


def auc_error(class_N: Classes, score_NO: Floats) -> float:
    """Return 1 − AUC; with several classes the mean over those present, each against the rest.

    Returns:
        A fraction; nan where all rows are of one class.

    Example:
        >>> auc_error(np.array([0, 1, 1]), np.array([[0.3], [0.4], [0.3]]))
        0.25
    """
    return _estimate(class_N, score_NO)[0]


def auc_interval(class_N: Classes, score_NO: Floats, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of :func:`auc_error`: DeLong's variance in Wilson's formula, both ends within [0, 1].

    Where all rows are placed right DeLong's variance is zero; the smaller class then counts as so many rows.

    Source:
        DeLong, DeLong & Clarke-Pearson 1988, *Comparing the areas under two or more correlated ROC curves*.
    """
    error, influence_N = _estimate(class_N, score_NO)
    if np.isnan(error):
        return 0.0, 1.0
    spread, sizes = _spread(class_N, influence_N), np.unique(class_N, return_counts=True)[1]
    if spread.variance == 0.0 or error in (0.0, 1.0):
        return fraction_interval(error, float(sizes.min()), level)
    # Near 0 a side of m rows makes an AUC about as sure as a share of 2 m rows; much more is luck.
    rows = min(error * (1 - error) / spread.variance, SUREST * float(sizes.min()) * (len(sizes) - 1))
    return fraction_interval(error, rows * spread.deflation(level), level)


def auc_difference(class_N: Classes, a_NO: Floats, b_NO: Floats, level: float = 0.95) -> Difference:
    """Return 1 − AUC of a minus that of b on the same rows, by DeLong's covariance.

    Returns:
        The difference; nan, from −1 to 1, where all rows are of one class.
    """
    (first, influence_a_N), (second, influence_b_N) = _estimate(class_N, a_NO), _estimate(class_N, b_NO)
    if np.isnan(first):
        return Difference(nan, -1.0, 1.0)
    value, spread = first - second, _spread(class_N, influence_a_N - influence_b_N)
    half = normal_quantile(0.5 + level / 2) * sqrt(spread.variance / spread.deflation(level))
    return Difference(value, max(-1.0, value - half), min(1.0, value + half))


def misplaced_pairs(inside: npt.NDArray[np.floating], outside: npt.NDArray[np.floating]) -> float:
    """Return how many pairs of a row of a class and one of the rest are the wrong way round, ties counting half.

    Args:
        inside: scores of the class's rows, any order.
        outside: scores of the other rows.

    Example:
        >>> misplaced_pairs(np.array([0.4, 0.3]), np.array([0.3, 0.1]))
        0.5
    """
    inside = np.sort(np.where(np.isfinite(inside), inside, -np.inf))
    outside = np.sort(np.where(np.isfinite(outside), outside, np.inf))
    twice = np.searchsorted(outside, inside, "left").sum() + np.searchsorted(outside, inside, "right").sum()
    return len(inside) * len(outside) - int(twice) / 2


def _estimate(class_N: Classes, score_NO: Floats) -> tuple[float, Floats]:
    """Return 1 − AUC, and by how much each row moves it, (N,): DeLong's components over the size of its side."""
    binary = score_NO.shape[1] == 1
    present = [1] if binary else np.unique(class_N).tolist()
    errors, influence_N = [], np.zeros(len(class_N))
    for label in present:
        is_N = class_N == label
        num_in, num_out = int(is_N.sum()), int((~is_N).sum())
        if not num_in or not num_out:
            return nan, influence_N
        below_N = _misplaced(is_N, score_NO[:, 0 if binary else label])
        error = float(below_N[is_N].sum()) / num_in
        errors.append(error)
        influence_N += (below_N - error) / np.where(is_N, num_in, num_out)
    return float(np.mean(errors)), influence_N / len(present)


def _misplaced(is_N: npt.NDArray[np.bool_], score_N: Floats) -> Floats:
    """Return for each row the share of the other side that is on the wrong side of it, ties counting half, (N,)."""
    score_N = np.where(np.isfinite(score_N), score_N, np.where(is_N, -np.inf, np.inf))
    in_N, out_N = np.sort(score_N[is_N]), np.sort(score_N[~is_N])
    found_N = np.empty(len(score_N))
    found_N[is_N] = 1.0 - _place(out_N, score_N[is_N])
    found_N[~is_N] = _place(in_N, score_N[~is_N])
    return found_N


def _place(sorted_M: Floats, score_N: Floats) -> Floats:
    """Return the share of the sorted scores that lie below each score, those equal to it counting half."""
    twice = np.searchsorted(sorted_M, score_N, "left") + np.searchsorted(sorted_M, score_N, "right")
    place_N: Floats = twice / (2 * len(sorted_M))
    return place_N


@dataclass(frozen=True, slots=True)
class _Spread:
    """Variance of a sum of influences, and the degrees of freedom (Welch's) it is known by."""

    variance: float
    freedom: float

    def deflation(self, level: float) -> float:
        """Return by which factor few rows of a class make the rows in effect fewer: Student's t for the normal."""
        share = 0.5 + level / 2
        return float((normal_quantile(share) / stdtrit(max(self.freedom, 1.0), share)) ** 2)


def _spread(class_N: Classes, influence_N: Floats) -> _Spread:
    """Return the spread of a sum of influences, rows of each class drawn apart.

    A class of a single row tells of no spread: it gets the largest that a fraction can have, its share of the mean.
    """
    sizes = np.unique(class_N, return_counts=True)
    each, freedoms = [], []
    for label, size in zip(*sizes, strict=True):
        some = influence_N[class_N == label]
        alone = (0.5 / max(len(sizes[0]) - 1, 1)) ** 2 if influence_N.any() else 0.0
        each.append(float(((some - some.mean()) ** 2).sum()) * size / (size - 1) if size > 1 else alone)
        freedoms.append(max(int(size) - 1, 1))
    total = sum(each)
    below = sum(one**2 / freedom for one, freedom in zip(each, freedoms, strict=True))
    return _Spread(total, total**2 / below if below > 0.0 else 1.0)
