"""Which trials are worth their cost: none other is both better and cheaper [3.3-06]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.tuning.analysis.positions import Floats
from practicum.tuning.trial import Tried


@dataclass(frozen=True, slots=True)
class Front:
    """The trials that no other beats in both error and cost.

    Attributes:
        trials: by error, lowest first.
    """

    trials: tuple[Tried, ...]

    @property
    def is_choice(self) -> bool:
        """Whether something worse is to be had for less."""
        return bool(self.trials) and min(one.cost for one in self.trials) < self.trials[0].cost

    @property
    def text(self) -> str:
        """One sentence: what the cheapest of the front costs and loses, against the best."""
        if not self.trials:
            return "No trial has an error: there is nothing to weigh against cost."
        best, cheapest = self.trials[0], min(self.trials, key=lambda one: one.cost)
        if not self.is_choice:
            return f"The best trial ({best.number}) is the cheapest that is worth its cost, too: {best.cost:.2g} s."
        return (
            f"{len(self.trials)} trials are worth their cost: the best ({best.number}) has error {best.error:.4g} for "
            f"{best.cost:.2g} s, the cheapest ({cheapest.number}) error {cheapest.error:.4g} for {cheapest.cost:.2g} s."
        )


def pareto(tried: Sequence[Tried]) -> Front:
    """Return the trials that are worth their cost.

    Args:
        tried: finished trials; those that diverged or were ended early by the search do not count.

    Source:
        Bengio 2012, 3.3-06.

    Example:
        >>> front = pareto([Tried(0, {}, 0.3, 1.0), Tried(1, {}, 0.2, 2.0), Tried(2, {}, 0.4, 3.0)])
        >>> [one.number for one in front.trials]
        [1, 0]
    """
    whole = [one for one in tried if not one.halted and not one.diverged and one.error < np.inf]
    points = np.array([(one.error, one.cost) for one in whole], dtype=np.float64).reshape(-1, 2)
    kept = not_dominated(points)
    front = sorted(
        (one for one, keep in zip(whole, kept, strict=True) if keep), key=lambda one: (one.error, one.number)
    )
    return Front(tuple(front))


def not_dominated(points_ND: Floats) -> npt.NDArray[np.bool_]:
    """Return which points no other point beats: nowhere larger and somewhere smaller, shape ``(N,)``.

    Points that are alike keep each other; ``nan`` is beaten by nothing and should be left out before.

    Example:
        >>> not_dominated(np.array([[1.0, 2.0], [2.0, 1.0], [2.0, 2.0]]))
        array([ True,  True, False])
    """
    kept = np.ones(len(points_ND), dtype=bool)
    for place in np.lexsort(points_ND.T[::-1]):
        if kept[place]:
            point = points_ND[place]
            kept &= ~((points_ND >= point).all(axis=1) & (points_ND > point).any(axis=1))
    return kept
