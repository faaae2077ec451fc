"""Errors as a sum of smooth effects of the entries, with the uncertainty of each effect.

Thirty trials in seven dimensions are few. What makes them speak is that usually one to four entries matter: each
entry's effect has a prior variance of its own, found by maximum evidence, which fades where the entry does nothing.
An effect is a straight line, a U and a cubic; how bent effects are is averaged over :data:`BENDS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BENDS = ((1.0, 0.05, 0.0005), (1.0, 0.2, 0.002), (1.0, 0.2, 0.02), (1.0, 0.5, 0.1))
"""Prior variances of the line, the U and the cubic, relative to the line's."""

NUM_ROUNDS = 40
FAR = 4.0
"""Errors further above the median than so many times the way from the best to the median are cut down to there."""

SMALLEST, LARGEST = 1e-6, 1e3


@dataclass(frozen=True, slots=True)
class Effect:
    """Columns through which one entry acts on the error.

    Attributes:
        columns: shape ``(N, m)``; the first three are the curve's where ``curved``.
        curved: whether it has a curve over positions; the other columns are of single values.
    """

    columns: Floats
    curved: bool


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the errors say of all effects, for one of the :data:`BENDS`.

    Attributes:
        weight: probability of this bend.
        mean: of the coefficients, shape ``(P,)``.
        covariance: of the coefficients, shape ``(P, P)``.
    """

    weight: float
    mean: Floats
    covariance: Floats


def curve_columns(positions: Floats) -> Floats:
    """Return Legendre's line, U and cubic at ``positions`` in [0, 1], of unit variance; zeros at ``nan``.

    Example:
        >>> curve_columns(np.array([0.5, np.nan])).round(2)
        array([[ 0.  , -1.12,  0.  ],
               [ 0.  ,  0.  ,  0.  ]])
    """
    x = 2.0 * positions - 1.0
    columns = np.stack(
        [np.sqrt(3.0) * x, np.sqrt(5.0) * (3 * x**2 - 1) / 2, np.sqrt(7.0) * (5 * x**3 - 3 * x) / 2], axis=-1
    )
    return np.where(np.isnan(positions)[..., None], 0.0, columns)


def tamed(errors: Floats) -> Floats:
    """Return errors with mean 0 and deviation 1, the far ones and ``inf`` cut down so that they rule nothing.

    Returns:
        Shape ``(N,)``; all zeros where all are alike or none is finite.
    """
    finite = errors[np.isfinite(errors)]
    if len(finite) == 0:
        return np.zeros_like(errors)
    middle = float(np.median(finite))
    top = middle + FAR * (middle - float(finite.min()))
    cut = np.minimum(errors, min(top, float(finite.max())))
    deviation = float(cut.std())
    return (cut - cut.mean()) / deviation if deviation > 1e-12 * abs(middle) else np.zeros_like(errors)


def ranked(values: Floats) -> Floats:
    """Return the ranks of values, with mean 0 and deviation 1: of what grows as a product the ranks are near a sum.

    Returns:
        Shape ``(N,)``; all zeros where all are alike.

    Example:
        >>> ranked(np.array([1.0, 100.0, 10.0, np.inf])).round(2)
        array([-1.34,  0.45, -0.45,  1.34])
    """
    ranks = np.unique(values, return_inverse=True)[1].astype(np.float64)
    deviation = float(ranks.std())
    centred: Floats = ranks - ranks.mean()
    return centred / deviation if deviation else centred


def fit(target: Floats, effects: Sequence[Effect]) -> list[Posterior]:
    """Return the posterior of the effects' coefficients, one for each bend, weights summing to 1.

    Args:
        target: as :func:`tamed` returns it, shape ``(N,)``.
        effects: of the entries.

    Source:
        MacKay 1992, *Bayesian interpolation*; one prior variance for each entry as in automatic relevance
        determination.
    """
    x = np.concatenate([effect.columns for effect in effects], axis=1)
    x = x - x.mean(axis=0)
    owner = np.repeat(np.arange(len(effects)), [effect.columns.shape[1] for effect in effects])
    found = []
    for bend in BENDS:
        shape = np.concatenate(
            [
                np.r_[bend if one.curved else (), np.ones(one.columns.shape[1] - 3 * one.curved)]
                for one in effects
            ]
        )
        found.append(_evidence(target, x, owner, shape))
    logs = np.array([evidence for evidence, _, _ in found])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    return [
        Posterior(float(w), mean, covariance) for w, (_, mean, covariance) in zip(weights, found, strict=True)
    ]


def draw(posteriors: Sequence[Posterior], num: int, generator: np.random.Generator) -> Floats:
    """Return about ``num`` draws of all coefficients, shape ``(D, P)``."""
    parts = []
    for one in posteriors:
        count = round(one.weight * num)
        root = np.linalg.cholesky(one.covariance + 1e-12 * np.eye(len(one.mean)))
        parts.append(one.mean + generator.standard_normal((count, len(one.mean))) @ root.T)
    return np.concatenate(parts)


def _evidence(
    target: Floats, x: Floats, owner: npt.NDArray[np.int64], shape: Floats
) -> tuple[float, Floats, Floats]:
    """Return log evidence, mean and covariance at the prior variances of largest evidence."""
    rows, groups = len(target), int(owner[-1]) + 1
    xx, xy, yy = x.T @ x, x.T @ target, float(target @ target)
    scale, noise = np.full(groups, 0.3 / groups), 0.3
    for _ in range(NUM_ROUNDS):
        prior = scale[owner] * shape
        covariance = np.linalg.inv(xx / noise + np.diag(1 / prior))
        mean = covariance @ xy / noise
        known = np.bincount(owner, 1 - np.diag(covariance) / prior, groups)
        scale = np.bincount(owner, mean**2 / shape, groups) / np.maximum(known, 1e-9)
        scale = np.clip(scale, SMALLEST, LARGEST)
        rest = yy - 2 * mean @ xy + mean @ xx @ mean
        noise = max(float(rest) / max(rows - float(known.sum()), 1.0), 1e-4)
    prior = scale[owner] * shape
    precision = xx / noise + np.diag(1 / prior)
    covariance = np.linalg.inv(precision)
    mean = covariance @ xy / noise
    determinant = np.linalg.slogdet(precision)[1] + np.log(prior).sum()
    evidence = -0.5 * (rows * np.log(noise) + determinant + (yy - xy @ mean) / noise)
    return float(evidence), mean, (covariance + covariance.T) / 2
