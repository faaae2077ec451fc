"""A Gaussian process on what was tried: which of many points promise the most, a whole pack at a time.

Small and exact: some hundred points, an inverse of their covariance, length scales from a short search for the
likelihood. It exists because boxes alone need three times the trials (`benchmarks/lcbench.py`). Own code, for speed: on
one core, space "chapter", a pack of 16 from 384 points, scikit-learn's `GaussianProcessRegressor` (its best kernel from
one start) takes 2.2 times as long where 64 trials are known (0.26 s) and 5.5 times where 200 are (2.3 s); Optuna's
process takes seconds. And scikit-learn's kernels know no distance between options of a choice.
Source: after the chapter (3.4-08 names model-based search): Snoek, Larochelle & Adams 2012; pending points as in
Ginsbourger, Le Riche & Carraro 2010 ("kriging believer").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Squares = Callable[[Array, Array], Array]

SCALES = (0.3, 0.6, 1.2, 2.4)
"""Length scales tried first, in units, the same for all axes."""

FACTORS = (0.5, 2.0, 4.0)
"""What the scale of one axis after the other is then multiplied by, if that makes the outcomes likelier."""

SCALE_LIMITS = (0.1, 10.0)
NOISES = (1e-3, 1e-2, 1e-1, 0.3)
"""Variances of an outcome's noise that are tried, as fractions of the process's variance."""

FLOOR = 0.05
"""What is added to an error's distance from the lowest before its logarithm, in distances of the median."""


TINY = 1e-12


def targets(errors: Sequence[float]) -> Array:
    """Return errors in logarithms of their distance from the lowest, of mean 0 and variance 1; larger is worse.

    What diverged counts as the worst. So an outlier of 10⁶ bends nothing, and errors near the best are told apart.

    Example:
        >>> targets([0.1, 0.2, 1e6]).argsort().tolist()
        [0, 1, 2]
    """
    values = np.array(errors, dtype=np.float64)
    finite = values[np.isfinite(values)]
    values[~np.isfinite(values)] = finite.max()
    above = values - finite.min()
    middle = float(np.median(above)) or float(above.mean())
    if middle == 0:
        return np.zeros(len(values))
    logs = np.log(above + FLOOR * middle)
    return np.asarray((logs - logs.mean()) / logs.std())


class Surrogate:
    """What is believed of the outcomes at all points, from those that are known.

    Args:
        squares: gives squared distances of two sets of points along each axis, shape (axes, one, other).
        points_KE: known points, one a row.
        targets_K: their outcomes, of mean 0 and variance 1; smaller is better.

    Example:
        >>> points = np.array([[0.1], [0.5], [0.9]])
        >>> def squares(one, other):
        ...     return (one.T[:, :, None] - other.T[:, None, :]) ** 2
        >>> surrogate = Surrogate(squares, points, np.array([1, -1.2, 0.2]))
        >>> surrogate.choose(np.array([[0.0], [0.6]]), count=1)
        [1]
    """

    def __init__(self, squares: Squares, points_KE: Array, targets_K: Array) -> None:
        self._squares = squares
        known_EKK = squares(points_KE, points_KE)
        self._weights_E, self._noise = _fitted(known_EKK, targets_K)
        self._points_KE, self._targets_K = points_KE, targets_K
        covariance_KK = _matern(known_EKK, self._weights_E)
        self._invert(covariance_KK)
        fit = float(targets_K @ self._inverse_KK @ targets_K) / len(targets_K)
        self._variance = max(fit, TINY)
        self._best = float((covariance_KK @ self._inverse_KK @ targets_K).min())

    def believe(self, points_PE: Array) -> None:
        """Take points that are under way as if they had come out as believed: others keep away from them."""
        if not len(points_PE):
            return
        believed_P = self._covariance(points_PE, self._points_KE) @ self._inverse_KK @ self._targets_K
        self._points_KE = np.concatenate([self._points_KE, points_PE])
        self._targets_K = np.concatenate([self._targets_K, believed_P])
        self._invert(self._covariance(self._points_KE, self._points_KE))

    def choose(self, candidates_CE: Array, count: int) -> list[int]:
        """Return the numbers of ``count`` candidates of largest expected improvement, the most promising first.

        Each next one is chosen as if those before it had come out as believed.

        Source:
            Expected improvement: Mockus 1978, here over the lowest outcome without its noise.
        """
        known_CK = self._covariance(candidates_CE, self._points_KE)
        mean_C = known_CK @ self._inverse_KK @ self._targets_K
        spread_CC = self._covariance(candidates_CE, candidates_CE) - known_CK @ self._inverse_KK @ known_CK.T
        chosen: list[int] = []
        for _ in range(min(count, len(candidates_CE))):
            deviation_C = np.sqrt(np.maximum(self._variance * np.diag(spread_CC), TINY))
            gain_C = _expected_improvement(self._best - mean_C, deviation_C)
            gain_C[chosen] = -np.inf
            number = int(gain_C.argmax())
            chosen.append(number)
            column_C = spread_CC[:, number]
            spread_CC = spread_CC - np.outer(column_C, column_C) / (column_C[number] + self._noise)
        return chosen

    def _covariance(self, one: Array, other: Array) -> Array:
        """Return the covariance of outcomes at two sets of points, in units of the process's variance."""
        return _matern(self._squares(one, other), self._weights_E)

    def _invert(self, covariance_KK: Array) -> None:
        """Keep the inverse of the covariance of the known outcomes."""
        self._inverse_KK = np.linalg.inv(covariance_KK + self._noise * np.eye(len(covariance_KK)))


def _expected_improvement(distance_C: Array, deviation_C: Array) -> Array:
    """Return how much lower than the best an outcome is on average, if it is not worse."""
    from scipy.special import ndtr  # SciPy takes a while to import

    ratio_C = distance_C / deviation_C
    density_C = np.exp(-(ratio_C**2) / 2) / math.sqrt(2 * math.pi)
    return np.asarray(distance_C * ndtr(ratio_C) + deviation_C * density_C)


def _matern(squares_EAB: Array, weights_E: Array) -> Array:
    """Return Matérn 5/2 correlations at squared distances weighted by axis."""
    distance_AB = np.sqrt(5 * np.tensordot(weights_E, squares_EAB, axes=1))
    return np.asarray((1 + distance_AB + distance_AB**2 / 3) * np.exp(-distance_AB))


def _fitted(squares_EKK: Array, targets_K: Array) -> tuple[Array, float]:
    """Return weights of the axes (inverse squared length scales) and a noise: likely ones among a few tried."""
    num_axes = len(squares_EKK)
    starts = [
        (_log_likelihood(squares_EKK, targets_K, np.full(num_axes, scale), noise), scale, noise)
        for scale in SCALES
        for noise in NOISES
    ]
    best, scale, noise = max(starts)
    scales_E = np.full(num_axes, scale)
    for axis in range(num_axes):
        start = scales_E[axis]
        for factor in FACTORS:
            tried_E = scales_E.copy()
            tried_E[axis] = min(max(start * factor, SCALE_LIMITS[0]), SCALE_LIMITS[1])
            likelihood = _log_likelihood(squares_EKK, targets_K, tried_E, noise)
            if likelihood > best:
                best, scales_E = likelihood, tried_E
    return scales_E**-2.0, noise


def _log_likelihood(squares_EKK: Array, targets_K: Array, scales_E: Array, noise: float) -> float:
    """Return the log-likelihood of the outcomes, the process's variance at its best value; without constants."""
    count = len(targets_K)
    covariance = _matern(squares_EKK, scales_E**-2.0) + noise * np.eye(count)
    root = np.linalg.cholesky(covariance)
    fit = max(float(targets_K @ np.linalg.solve(covariance, targets_K)) / count, TINY)
    return -count * math.log(fit) / 2 - float(np.log(np.diag(root)).sum())
