"""How optimistic the winner's validation error is, and what it should be read as [3.3-02, 3.4-13].

The lowest of many noisy numbers is too low. By how much, the others tell: their errors are true errors plus the
noise of the validation rows, whose size is known. So the spread of the true errors follows (empirical Bayes, the prior
found without a form: Kiefer & Wolfowitz 1956), and with it what the winner's true error is likely to be.

A second choice is made on the same rows: of the epoch. The validations just before and after had nearly the same
weights, and were not chosen. So the mean of the three stands for the one. `benchmarks/error_bars.py` measures both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core.intervals import normal_quantile
from practicum.core.seeds import stream
from practicum.tuning.analysis.positions import Floats, best_of
from practicum.tuning.trial import Tried

SHARED = 0.8
"""Share of the noise's variance that all trials have in common, as they are judged on the same rows, where it is not
measured: a hard row is hard for most (0.81 to 0.98 on three tables). It makes no trial the winner, so that only the
rest is corrected for."""

LEVEL = 0.90
REACH = 8.0
"""Trials further above the best than so many standard errors had no chance to win and say nothing of it."""

POINTS_A_DEVIATION = 3
NUM_ROUNDS = 40
"""Of expectation-maximisation; few keep the prior smooth."""

NUM_AGAIN = 24
"""Searches drawn from the prior, on which the correction is tried."""

NUM_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Optimism:
    """The winner's error as validated, and as it should be read.

    Attributes:
        number: of the winning trial.
        num_compared: trials it won against, itself included.
        validated: its validation error.
        corrected: what its true error is expected to be.
        low: lower end of the interval of its true error.
        high: upper end of it.
        weighted: mean validation error of the near-best, weighted by the probability of being truly best.
        num_contenders: how many trials share that probability, effectively: 1 where there is no doubt.
    """

    number: int
    num_compared: int
    validated: float
    corrected: float
    low: float
    high: float
    weighted: float
    num_contenders: float

    @property
    def optimism(self) -> float:
        """By how much the validation error is too low, on average."""
        return self.corrected - self.validated

    @property
    def text(self) -> str:
        """One sentence."""
        if not math.isfinite(self.high):
            return (
                f"The best of {self.num_compared} validation errors, {self.validated:.4g}, is too low by an unknown "
                "amount: its standard error is not known."
            )
        doubt = ""
        if self.num_contenders >= 1.5:
            doubt = f"; about {self.num_contenders:.0f} trials may be the truly best one"
        return (
            f"The best of {self.num_compared} validation errors is {self.validated:.4g}; having won, it should "
            f"be read as {self.corrected:.4g} ({self.low:.4g} to {self.high:.4g}, 90 % sure){doubt}."
        )


def winner_optimism(tried: Sequence[Tried], shared: float = SHARED, seed: int = 0) -> Optimism | None:
    """Return how optimistic the winner's validation error is.

    Args:
        tried: finished trials with their standard errors; those ended early by the search do not count.
        shared: share of the noise's variance that is common to all trials, as :func:`shared_noise` finds it; ``nan``
            where it was not measured.
        seed: of the draws that tell who may be truly best.

    Returns:
        None where no trial has an error. Where the winner's standard error is not known, nothing is corrected and the
        interval is infinite.

    Source:
        Bengio 2012, 3.3-02; Bergstra & Bengio 2012, section 2.1 (``weighted``).

    Example:
        >>> tried = [Tried(i, {}, 0.2 + 0.001 * i, standard_error=0.01) for i in range(30)]
        >>> found = winner_optimism(tried)
        >>> found.validated, found.corrected > 0.205
        (0.2, True)
    """
    whole = [one for one in tried if not one.halted]
    best = best_of(whole)
    if best is None:
        return None
    finite = [one for one in whole if math.isfinite(one.error) and not one.diverged]
    errors = np.array([one.error for one in finite])
    noise = np.array([one.standard_error for one in finite])
    scale, shared = best.standard_error, shared if math.isfinite(shared) else SHARED
    if not math.isfinite(scale) or scale <= 0:
        return Optimism(
            best.number, len(finite), best.error, best.error, -math.inf, math.inf, best.error, 1.0
        )
    near = errors <= best.error + REACH * scale
    errors, noise = errors[near], np.where(np.isfinite(noise[near]) & (noise[near] > 0), noise[near], scale)
    place = [one.number for one, keep in zip(finite, near, strict=True) if keep].index(best.number)
    own = noise * math.sqrt(max(1.0 - shared, 1e-3))
    # One noise for all: by their own, trials with a luckily low error would count as the surer ones.
    mean, variance = _true_error(errors, float(np.median(own)), place, seed)
    # The epoch's choice flatters too; where its neighbours are not known, nobody can say by how much.
    mean += max(best.near_error - best.error, 0.0) if math.isfinite(best.near_error) else 0.0
    half = normal_quantile(0.5 + LEVEL / 2) * math.sqrt(variance + shared * scale**2)
    weights = best_probabilities(errors, own, seed)
    return Optimism(
        number=best.number,
        num_compared=len(finite),
        validated=best.error,
        corrected=mean,
        low=mean - half,
        high=mean + half,
        weighted=float(weights @ errors),
        num_contenders=float(1 / (weights**2).sum()),
    )


def shared_noise(wrong_KN: npt.ArrayLike) -> float:
    """Return the share of the noise that trials have in common: the mean correlation of their errors over rows.

    Args:
        wrong_KN: error of each of the best few trials on each validation row, shape ``(K, N)``.

    Returns:
        From 0 to 1; :data:`SHARED` where it cannot be told.

    Example:
        >>> shared_noise([[0, 1, 0, 1], [0, 1, 0, 1]])
        1.0
    """
    rows_KN = np.asarray(wrong_KN, dtype=np.float64)
    rows_KN = rows_KN[rows_KN.std(axis=1) > 0]
    count = len(rows_KN)
    if count < 2:
        return SHARED
    total = float(np.corrcoef(rows_KN).sum())
    return min(max(round((total - count) / (count * (count - 1)), 12), 0.0), 1.0)


def best_probabilities(errors: Floats, noise: Floats, seed: int = 0) -> Floats:
    """Return the probability of each trial to be truly best, shape ``(N,)``, by draws around the validation errors.

    Source:
        Bergstra & Bengio 2012, section 2.1.

    Example:
        >>> best_probabilities(np.array([0.1, 0.1, 0.5]), np.full(3, 0.01)).round(1)
        array([0.5, 0.5, 0. ])
    """
    draws = errors + noise * stream(seed, "tuning/optimism").standard_normal((NUM_DRAWS, len(errors)))
    return np.bincount(draws.argmin(axis=1), minlength=len(errors)) / NUM_DRAWS


def _true_error(errors: Floats, noise: float, place: int, seed: int) -> tuple[float, float]:
    """Return mean and variance of the winner's true error, given what is each trial's own noise.

    The prior is known from few trials; how far off that lets the mean be, and to which side, is seen on searches drawn
    from the prior itself (a parametric bootstrap).
    """
    grid, prior = _prior(errors, noise)
    mean = _mean(errors[place], noise, grid, prior)
    generator = stream(seed, "tuning/optimism/again")
    misses = np.empty(NUM_AGAIN)
    for again in range(NUM_AGAIN):
        truth = generator.choice(grid, size=len(errors), p=prior)
        drawn = truth + noise * generator.standard_normal(len(errors))
        winner = int(drawn.argmin())
        misses[again] = truth[winner] - _mean(drawn[winner], noise, *_prior(drawn, noise))
    # Having won never speaks for a trial.
    return max(mean + float(misses.mean()), float(errors[place])), float(misses.var())


def _prior(errors: Floats, noise: float) -> tuple[Floats, Floats]:
    """Return points and their probabilities: the spread of true errors that makes ``errors`` most likely."""
    low, high = float(errors.min()) - 3 * noise, float(errors.max()) + noise
    grid = np.linspace(low, high, int((high - low) / noise * POINTS_A_DEVIATION) + 2)
    likelihood = _likelihood(errors[:, None], noise, grid)
    prior = np.full(len(grid), 1.0 / len(grid))
    for _ in range(NUM_ROUNDS):
        prior *= (1.0 / (likelihood @ prior)) @ likelihood / len(errors)
    return grid, prior / prior.sum()


def _mean(error: float, noise: float, grid: Floats, prior: Floats) -> float:
    """Return the expected true error of a trial."""
    shares = _likelihood(np.float64(error), noise, grid) * prior
    return float(shares @ grid / shares.sum())


def _likelihood(errors: Floats | np.float64, noise: float, grid: Floats) -> Floats:
    """Return how likely each error is at each true error, up to a factor."""
    likelihood: Floats = np.exp(-0.5 * ((errors - grid) / noise) ** 2)
    return likelihood
