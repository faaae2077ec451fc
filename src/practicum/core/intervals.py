"""Confidence intervals that need no random numbers: Wilson, matched pairs, combined strata, the jackknife.

Small and free of scikit-learn, so that training may use them too; :mod:`practicum.core.metrics` applies them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit


@dataclass(frozen=True, slots=True)
class Difference:
    """Error of one prediction minus that of another on the same rows, with its interval.

    Attributes:
        value: error of the first minus error of the second; negative = the first is better.
        low: lower end of the interval.
        high: upper end of the interval.
    """

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero: the two really differ."""
        return self.low > 0.0 or self.high < 0.0


def normal_quantile(level: float) -> float:
    """Return the standard normal deviate below which a share ``level`` lies.

    Example:
        >>> round(normal_quantile(0.975), 2)
        1.96
    """
    return NormalDist().inv_cdf(level)


def wilson(num_wrong: int, num_rows: int, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of a fraction, both ends within [0, 1].

    Source:
        Wilson 1927, *Probable inference, the law of succession, and statistical inference*.

    Example:
        >>> tuple(round(end, 3) for end in wilson(0, 100))
        (0.0, 0.037)
    """
    return fraction_interval(num_wrong / num_rows, num_rows, level)


def fraction_interval(fraction: float, num_rows: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of a fraction known as well as from ``num_rows`` independent rows.

    Args:
        fraction: in [0, 1].
        num_rows: > 0; need not be whole: the fraction times its complement over its variance, for a fraction that is
            no plain share of rows.
        level: probability that the interval covers the truth.

    Example:
        >>> fraction_interval(0.1, 50) == wilson(5, 50)
        True
    """
    z = normal_quantile(0.5 + level / 2)
    centre = (fraction + z * z / (2 * num_rows)) / (1 + z * z / num_rows)
    spread = fraction * (1 - fraction) / num_rows + z * z / (4 * num_rows**2)
    half = z * sqrt(spread) / (1 + z * z / num_rows)
    low = 0.0 if fraction == 0.0 else max(0.0, centre - half)
    high = 1.0 if fraction == 1.0 else min(1.0, centre + half)
    return low, high


def matched_difference(worse_N: npt.NDArray[np.int64], level: float = 0.95) -> Difference:
    """Return the difference of two fractions measured on the same rows, with Agresti and Min's interval.

    Half a row is added to each of the four cells of the table of pairs; the value itself is not shrunk.

    Args:
        worse_N: +1 where only the first is wrong, -1 where only the second is, else 0, shape (N,).
        level: probability that the interval covers the difference.

    Source:
        Agresti & Min 2005, *Simple improved confidence intervals for comparing matched proportions*.

    Example:
        >>> matched_difference(np.zeros(100, dtype=np.int64)).clear
        False
    """
    only_a, only_b = int((worse_N > 0).sum()) + 0.5, int((worse_N < 0).sum()) + 0.5
    total = len(worse_N) + 2.0
    centre = (only_a - only_b) / total
    spread = (only_a + only_b - (only_a - only_b) ** 2 / total) / total**2
    half = normal_quantile(0.5 + level / 2) * sqrt(spread)
    return Difference(float(worse_N.mean()), max(-1.0, centre - half), min(1.0, centre + half))


def combined(values: Sequence[float], intervals: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the interval of the mean of independent estimates, from theirs, by adding squares of the half widths.

    Args:
        values: of the estimates.
        intervals: of the estimates, each with its value inside.

    Source:
        Zou & Donner 2008, *Construction of confidence limits about effect measures* (method of variance recovery).

    Example:
        >>> tuple(round(end, 3) for end in combined([0.2, 0.4], [(0.1, 0.3), (0.3, 0.5)]))
        (0.229, 0.371)
    """
    count, middle = len(values), sum(values) / len(values)
    down = sqrt(sum((value - low) ** 2 for value, (low, _) in zip(values, intervals, strict=True)))
    up = sqrt(sum((high - value) ** 2 for value, (_, high) in zip(values, intervals, strict=True)))
    return middle - down / count, middle + up / count


def jackknife_half(without_N: npt.NDArray[np.float64], level: float = 0.95) -> float:
    """Return half the width of the jackknife's interval with Student's t.

    Args:
        without_N: the estimate with row i left out, for every i, shape (N,).
        level: probability that the interval covers the truth.

    Returns:
        The half width in the estimate's unit; ``inf`` for a single row.

    Source:
        Efron & Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 11.

    Example:
        >>> rows = np.array([1.0, 2.0, 3.0, 4.0])
        >>> round(jackknife_half((rows.sum() - rows) / 3), 2)  # the usual t interval of a mean
        2.05
    """
    num_rows = len(without_N)
    if num_rows < 2:
        return inf
    standard_error = sqrt((num_rows - 1) / num_rows * float(((without_N - without_N.mean()) ** 2).sum()))
    return float(stdtrit(num_rows - 1, 0.5 + level / 2)) * standard_error
