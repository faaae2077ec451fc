"""Measures made of counts of right and wrong rows: balanced error, 1 − F1.

Classes are numbers, shape (N,). A predicted class of −1 is no class at all: a row that the network has no answer for.
"""

from __future__ import annotations

from math import isnan, nan, sqrt

import numpy as np
import numpy.typing as npt

from practicum.core.intervals import (
    Difference,
    combined,
    fraction_interval,
    matched_difference,
    normal_quantile,
    wilson,
)

Classes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def balanced_error(class_N: Classes, wrong_N: Bools) -> float:
    """Return the mean over the classes present of the share of their rows that is wrong: 1 − balanced accuracy.

    Example:
        >>> balanced_error(np.array([0, 0, 0, 1]), np.array([True, False, False, False]))
        0.16666666666666666
    """
    return float(np.mean([wrong_N[class_N == present].mean() for present in np.unique(class_N)]))


def balanced_interval(class_N: Classes, wrong_N: Bools, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of :func:`balanced_error`: Wilson's for each class, combined.

    Example:
        >>> low, high = balanced_interval(np.array([0] * 50 + [1] * 50), np.zeros(100, dtype=np.bool_))
        >>> low, round(high, 3)
        (0.0, 0.05)
    """
    each = [wrong_N[class_N == present] for present in np.unique(class_N)]
    shares = [float(wrong.mean()) for wrong in each]
    low, high = combined(shares, [wilson(int(wrong.sum()), len(wrong), level) for wrong in each])
    return max(0.0, low), min(1.0, high)


def balanced_difference(
    class_N: Classes, wrong_a_N: Bools, wrong_b_N: Bools, level: float = 0.95
) -> Difference:
    """Return the balanced error of a minus that of b: Agresti and Min's matched pairs for each class, combined."""
    worse_N = wrong_a_N.astype(np.int64) - wrong_b_N
    each = [matched_difference(worse_N[class_N == present], level) for present in np.unique(class_N)]
    values = [one.value for one in each]
    low, high = combined(values, [(one.low, one.high) for one in each])
    return Difference(float(np.mean(values)), max(-1.0, low), min(1.0, high))


def f1_error(class_N: Classes, predicted_N: Classes, *, binary: bool) -> float:
    """Return 1 − F1: of class 1 if binary, else 1 − the mean over the classes present or predicted.

    A class that is neither right once nor predicted has F1 = 0, as in :func:`sklearn.metrics.f1_score`.

    Example:
        >>> f1_error(np.array([0, 1, 1]), np.array([0, 1, 0]), binary=True)
        0.33333333333333337
    """
    return float(
        1.0 - np.mean([_f1(*_counts(class_N, predicted_N, c)) for c in _labels(class_N, predicted_N, binary)])
    )


def f1_interval(
    class_N: Classes, predicted_N: Classes, level: float = 0.95, *, binary: bool
) -> tuple[float, float]:
    """Return the interval of :func:`f1_error`.

    F1 of one class is a function of Jaccard's fraction right / (right + missed + falsely named), which is a share of
    rows and has Wilson's. The mean over several classes has the delta method's variance, put into Wilson's formula.
    """
    if binary:
        right, missed, false = _counts(class_N, predicted_N, 1)
        union = right + missed + false
        if union == 0:
            return 0.0, 1.0
        low, high = (2 * end / (1 + end) for end in wilson(right, union, level))
        return 1.0 - high, 1.0 - low
    error, influence_N = (
        f1_error(class_N, predicted_N, binary=False),
        _influence(class_N, predicted_N, binary=False),
    )
    sizes = np.unique(class_N, return_counts=True)[1]
    whole = len(sizes) ** 2 / float((1 / sizes).sum())  # rows in effect when no row tells of a spread
    variance = float(_variance(influence_N))
    rows = min(error * (1 - error) / variance, float(len(class_N))) if variance > 0 else whole
    return fraction_interval(error, rows or whole, level)


def f1_difference(
    class_N: Classes, predicted_a_N: Classes, predicted_b_N: Classes, level: float = 0.95, *, binary: bool
) -> Difference:
    """Return 1 − F1 of a minus that of b, by the delta method on the rows' influences."""
    first, second = (f1_error(class_N, one, binary=binary) for one in (predicted_a_N, predicted_b_N))
    influence_N = _influence(class_N, predicted_b_N, binary=binary) - _influence(
        class_N, predicted_a_N, binary=binary
    )
    half = normal_quantile(0.5 + level / 2) * sqrt(_variance(influence_N))
    value = first - second
    if isnan(half):
        return Difference(value, -1.0, 1.0)
    return Difference(value, max(-1.0, value - half), min(1.0, value + half))


def _labels(class_N: Classes, predicted_N: Classes, binary: bool) -> list[int]:
    """Return the classes whose F1 counts."""
    if binary:
        return [1]
    found = np.union1d(class_N, predicted_N)
    return [int(label) for label in found[found >= 0]]


def _counts(class_N: Classes, predicted_N: Classes, label: int) -> tuple[int, int, int]:
    """Return how many rows of the class are right and missed, and how many others are falsely named it."""
    is_N, named_N = class_N == label, predicted_N == label
    right = int((is_N & named_N).sum())
    return right, int(is_N.sum()) - right, int(named_N.sum()) - right


def _f1(right: int, missed: int, false: int) -> float:
    return 2 * right / max(2 * right + missed + false, 1)


def _influence(class_N: Classes, predicted_N: Classes, *, binary: bool) -> Floats:
    """Return by how much each row moves F1 to first order, (N,); they sum to 0."""
    found_N = np.zeros(len(class_N))
    labels = _labels(class_N, predicted_N, binary)
    for label in labels:
        is_N, named_N = class_N == label, predicted_N == label
        size = int(is_N.sum()) + int(named_N.sum())
        if size:
            f1 = _f1(*_counts(class_N, predicted_N, label))
            found_N += (2.0 * (is_N & named_N) - f1 * (is_N.astype(np.float64) + named_N)) / size
    return found_N / len(labels)


def _variance(influence_N: Floats) -> float:
    """Return the variance of a sum of influences; nan for a single row."""
    count = len(influence_N)
    return float((influence_N**2).sum()) * count / (count - 1) if count > 1 else nan
