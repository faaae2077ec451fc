"""How good the best of N trials is, and whether more trials would pay: the outer loop's own early stopping.

The convergence curve is over all subsets of size N, not over the first N trials: it still falls where the best so far
has stood still by chance [3.4-04, 3.4-05]. Its exact form needs no resampling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from practicum.core.seeds import stream
from practicum.tuning.analysis.positions import Floats, best_of, errors_of
from practicum.tuning.trial import Tried

MOST_SIZES = 64
"""Points of a curve over more trials than that; they lie evenly in the logarithm of N."""

BATCH = 50
"""Trials in the next batch that is spoken of."""

FARTHEST = 3
"""Nobody can look further ahead than so many times what was tried."""

NUM_SPACINGS = 4
"""Spacings between the lowest errors that tell how far the next ones may lie below."""

NUM_DRAWS = 4000

MIN_TRIALS = 8
"""Fewer trials say nothing of the next ones."""

PAYS = 0.25
"""A gain smaller than this share of the best error's standard error cannot be told from none."""

LEAST = 0.01
"""Where no standard error is known: this share of the way from the best to the median error stands for it."""


@dataclass(frozen=True, slots=True)
class Convergence:
    """The best error among N trials, over all subsets.

    Attributes:
        sizes: N, shape ``(M,)``.
        mean: expected best error, shape ``(M,)``.
        deviation: standard deviation of the best error, shape ``(M,)``.
        first: best error of the first N trials as they were tried, shape ``(M,)``; ``inf`` while all had diverged.
        num_diverged: trials without an error.
    """

    sizes: npt.NDArray[np.int64]
    mean: Floats
    deviation: Floats
    first: Floats
    num_diverged: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What another batch of trials should gain.

    Attributes:
        num_tried: trials so far.
        num_more: trials of the batch.
        best: lowest error so far.
        gain: expected fall of the lowest error.
        deviation: standard deviation of that fall.
        most: the fall stays below it with a probability of 95 %.
        probability: that there is a fall at all.
        threshold: gains below it cannot be told from none.
    """

    num_tried: int
    num_more: int
    best: float
    gain: float
    deviation: float
    most: float
    probability: float
    threshold: float

    @property
    def pays(self) -> bool:
        """Whether the expected gain is worth a batch."""
        return self.gain > self.threshold

    @property
    def text(self) -> str:
        """One sentence."""
        if not self.most and not self.pays:  # without a spacing there is no spread to speak of
            return f"Another {self.num_more} trials would hardly pay: the lowest errors are all alike."
        none = 100 * (1 - self.probability)
        word = "should gain" if self.pays else "would hardly pay: they should gain"
        return (
            f"Another {self.num_more} trials {word} {self.gain:.2g} ± {self.deviation:.2g} of error "
            f"(at most {self.most:.2g}, 95 % sure; none with a probability of {none:.0f} %)."
        )


def expected_best(
    errors: Floats, sizes: Sequence[int] | None = None, diverged: float | None = None
) -> Convergence:
    r"""Return the mean and deviation of the lowest error over all subsets of each size.

    .. math:: P(\min = v_i) = \binom{n-i}{N-1} / \binom{n}{N}, \qquad v_1 \le \dots \le v_n

    Args:
        errors: of the trials in the order in which they were tried, ``inf`` where one diverged, shape ``(n,)``.
        sizes: N, each from 1 to n; by default all, or :data:`MOST_SIZES` where there are more.
        diverged: error that stands for a diverged trial; by default the largest finite one. With ``inf`` the mean is
            infinite wherever a whole subset may have diverged.

    Returns:
        The curve; no points at all where every trial diverged.

    Source:
        Bengio 2012, 3.4-04.

    Example:
        >>> curve = expected_best(np.array([0.3, 0.1, 0.2]))
        >>> curve.sizes, curve.mean.round(3), curve.first
        (array([1, 2, 3]), array([0.2  , 0.133, 0.1  ]), array([0.3, 0.1, 0.1]))
    """
    count = len(errors)
    bad = ~np.isfinite(errors)
    if bad.all():
        empty = np.zeros(0)
        return Convergence(np.zeros(0, dtype=np.int64), empty, empty, empty, int(bad.sum()))
    chosen = np.array(curve_sizes(count) if sizes is None else sizes, dtype=np.int64)
    values = np.sort(np.where(bad, errors[~bad].max() if diverged is None else diverged, errors))
    mean, deviation = np.empty(len(chosen)), np.empty(len(chosen))
    for place, size in enumerate(chosen):
        mean[place], deviation[place] = _moments(values, lowest_probabilities(count, int(size)))
    return Convergence(
        chosen,
        mean,
        deviation,
        np.minimum.accumulate(np.where(bad, np.inf, errors))[chosen - 1],
        int(bad.sum()),
    )


def curve_sizes(count: int) -> list[int]:
    """Return the subset sizes of a curve over ``count`` trials, 1 and ``count`` among them.

    Example:
        >>> curve_sizes(3)
        [1, 2, 3]
    """
    if count <= MOST_SIZES:
        return list(range(1, count + 1))
    return sorted({round(float(size)) for size in np.geomspace(1, count, MOST_SIZES)})


def lowest_probabilities(count: int, size: int) -> Floats:
    """Return the probability that the i-th lowest of ``count`` is the lowest of a random subset, shape ``(count,)``.

    Example:
        >>> lowest_probabilities(3, 2).round(3)
        array([0.667, 0.333, 0.   ])
    """
    above = np.arange(count - 1, -1, -1, dtype=np.float64)  # n - i: values that are not lower
    possible = above >= size - 1
    left = above[possible]
    logs = gammaln(left + 1) - gammaln(left - size + 2) - gammaln(size)
    logs -= gammaln(count + 1) - gammaln(count - size + 1) - gammaln(size + 1)
    result = np.zeros(count)
    result[possible] = np.exp(logs)
    result /= result.sum()
    return result


def outlook(tried: Sequence[Tried], num_more: int = BATCH) -> Outlook | None:
    """Return what another ``num_more`` trials drawn alike should gain.

    From n trials the gain from n·r to n is known exactly for each share r. Going on by the same ratio gains less, by as
    much as the last ratio gained less than the one before it: exact for a tail of errors that is a power of the
    distance to the lowest possible error. Deviation and upper limit follow from a heavier tail, and are rather too
    wide than too narrow. What is gained by luck of the validation rows is in it, so that the true
    gain is rather smaller. So it is where trials were ended early, since others were better: the lowest error is
    hardly ever theirs, and those above it would have been lower at the end.

    Args:
        tried: trials of one random (or quasi-random) search, those ended early included, as the next ones will be.
        num_more: trials of the batch; cut down to :data:`FARTHEST` times those tried.

    Returns:
        None with fewer than :data:`MIN_TRIALS` trials that have an error.

    Source:
        Bengio 2012, 3.4-05.

    Example:
        >>> tried = [Tried(i, {}, 0.1 + 0.001 * i) for i in range(50)]
        >>> outlook(tried).text[:52]
        'Another 50 trials should gain 0.00047 ± 0.0026 of er'
    """
    errors = errors_of(tried)
    finite = np.isfinite(errors)
    if finite.sum() < MIN_TRIALS:
        return None
    count, more = len(errors), min(num_more, FARTHEST * len(errors))
    values = np.sort(np.where(finite, errors, errors[finite].max()))
    ratio = count / (count + more)
    deviation, most = _spread(values, ratio)
    return Outlook(
        num_tried=count,
        num_more=more,
        best=float(values[0]),
        gain=_expected_gain(values, ratio),
        deviation=deviation,
        most=most,
        probability=more / (count + more) if values[-1] > values[0] else 0.0,
        threshold=PAYS * _standard_error(tried, values),
    )


def flat(tried: Sequence[Tried]) -> bool:
    """Return whether the search may stop: the next batch should gain less than can be told from none.

    Args:
        tried: finished trials.

    Source:
        Bengio 2012, 3.4-05: the subset curve, not the best so far, says when to stop.

    Example:
        >>> flat([Tried(i, {}, 0.5 - 0.01 * i, standard_error=0.01) for i in range(30)])
        False
        >>> flat([Tried(i, {}, 0.1, standard_error=0.01) for i in range(30)])
        True
    """
    found = outlook(tried)
    return found is not None and not found.pays


def _expected_gain(values: Floats, ratio: float) -> float:
    """Return the expected gain of the next batch, by the two ratios of sizes before it."""
    count = len(values)
    before = min(max(1, round(count * ratio)), count - 1)
    now, half = float(values[0]), float(values @ lowest_probabilities(count, before))
    earlier = max(1, round(before * ratio))
    quarter = float(values @ lowest_probabilities(count, earlier))
    slowing = min(1.0, (half - now) / (quarter - half)) if quarter > half else 1.0
    return (half - now) * slowing


def _spread(values: Floats, ratio: float) -> tuple[float, float]:
    """Return deviation and 95 % limit of the gain where the tail of errors is exponential: a cautious model.

    Then all i·(v_{i+1} - v_i) have the same distribution (Rényi 1953). The limit also allows for their mean being
    known from few only.
    """
    used = min(NUM_SPACINGS, len(values) - 1)
    scale = float((np.arange(1, used + 1) * np.diff(values[: used + 1])).mean())
    generator = stream(0, "tuning/outlook")
    better = generator.geometric(ratio, NUM_DRAWS) - 1  # how many of the new trials beat the best
    gains = np.zeros(NUM_DRAWS)
    for place in range(1, int(better.max()) + 1):
        gains += np.where(better >= place, scale * generator.standard_exponential(NUM_DRAWS) / place, 0.0)
    doubtful = gains * used / generator.gamma(used, size=NUM_DRAWS)
    return float(gains.std()), float(np.quantile(doubtful, 0.95))


def _standard_error(tried: Sequence[Tried], values: Floats) -> float:
    """Return the best trial's standard error, or what stands for it."""
    best = best_of(tried)
    if best is not None and math.isfinite(best.standard_error):
        return best.standard_error
    return LEAST * float(np.median(values) - values[0])


def _moments(values: Floats, weights: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of ``values`` under ``weights``; those of weight 0 count for nothing."""
    used = weights > 0
    mean = float(values[used] @ weights[used])
    if not math.isfinite(mean):
        return math.inf, math.nan
    return mean, math.sqrt(float((values[used] - mean) ** 2 @ weights[used]))
