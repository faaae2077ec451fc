"""What a search says of the learning rate, the one hyper-parameter to tune if only one [3.1-01].

Source: Bengio 2012, 2.1-02 (the best rate lies near the largest that does not diverge), 3.1-01, 3.3-03.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from practicum.tuning.setting import Setting

NEAR = 1.05
"""Rates nearer than this factor count as one."""


@dataclass(frozen=True, slots=True)
class RateFound:
    """The best rate among all that was tried.

    Where other settings varied too, rates of all of them are compared: the border of divergence is that of the
    search as a whole.

    Attributes:
        best: rate of the best setting.
        largest_stable: the largest rate below :attr:`smallest_diverged`; ``None`` if there is none.
        smallest_diverged: the smallest rate, from the best on, that blew up or ended above its start, or ``None``.
        resolved_factor: ratio of the best rate to its nearest neighbour, > 1; ``nan`` if there is none.
        alone: whether nothing but the rate was varied.
    """

    best: float
    largest_stable: float | None
    smallest_diverged: float | None
    resolved_factor: float
    alone: bool


def rate_found(settings: Sequence[Setting], best: float) -> RateFound:
    """Return what ``settings`` say of the learning rate.

    Args:
        settings: all that were tried, at least one.
        best: rate of the chosen one.
    """
    rates = {setting.recipe.learning_rate: True for setting in settings}
    for setting in settings:
        stable = all(result.stable for result in setting.results)
        rates[setting.recipe.learning_rate] &= stable
    diverged = min((rate for rate, stable in rates.items() if not stable and rate >= best), default=None)
    limit = math.inf if diverged is None else diverged
    ratios = [max(best / rate, rate / best) for rate in rates]
    others = {name for setting in settings for name in setting.tried.values} - {"learning_rate"}
    return RateFound(
        best=best,
        largest_stable=max((rate for rate in rates if rate < limit), default=None),
        smallest_diverged=diverged,
        resolved_factor=min((ratio for ratio in ratios if ratio > NEAR), default=math.nan),
        alone=not others,
    )
