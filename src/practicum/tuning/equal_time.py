"""Time as numbers of updates: what an example costs in batches of each size, and how many updates that makes.

Costs are measured, or where no clock may be asked taken from a fixed model; either way they are written down.
Source: Bengio 2012, 3.1-08.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from practicum.core.shapes import padded

OVERHEAD_EXAMPLES = 32
"""What an update costs beside its examples, in examples, where no clock may be asked; measured: 28 to 34 for one
layer of 256 and three of 128 units, 100 and more for tiny nets."""

HARDLY = 1.2
"""A larger batch, whose numbers leave the cache, may cost so many times more for each example."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a batch size is trained.

    Attributes:
        num_steps: updates that take the time that every size has.
        cost: of one example of one trial: seconds of one core, or a share of an example's where no clock is asked.
    """

    num_steps: int
    cost: float

    def as_plain(self) -> list[float]:
        """Return what JSON can hold."""
        return [self.num_steps, self.cost]

    @classmethod
    def from_plain(cls, plain: Sequence[float]) -> Self:
        """Return the pace that :meth:`as_plain` wrote."""
        num_steps, cost = plain
        return cls(int(num_steps), float(cost))


def paces_from(plain: Mapping[str, Sequence[float]] | None) -> dict[int, Pace] | None:
    """Return the paces by batch size from what JSON held; None where nothing was decided.

    Example:
        >>> paces_from({"32": [500, 0.5]})
        {32: Pace(num_steps=500, cost=0.5)}
    """
    return None if plain is None else {int(size): Pace.from_plain(pace) for size, pace in plain.items()}


def modelled_costs(sizes: Sequence[int]) -> dict[int, float]:
    """Return the cost of an example in batches of each size without asking a clock, in examples of an endless batch.

    Example:
        >>> modelled_costs([16, 32, 256])
        {16: 3.0, 32: 2.0, 256: 1.125}
    """
    return {size: (OVERHEAD_EXAMPLES + padded(size)) / size for size in sizes}


def smoothed(costs: Mapping[int, float]) -> dict[int, float]:
    """Return measured costs without what a busy moment added: an example costs hardly more in a larger batch.

    Example:
        >>> smoothed({16: 2.0, 32: 1.0, 64: 3.0})
        {16: 2.0, 32: 1.0, 64: 1.2}
    """
    found: dict[int, float] = {}
    for size in sorted(costs):
        found[size] = min([costs[size], *(HARDLY * cost for cost in found.values())])
    return found


def equal_times(costs: Mapping[int, float], cost_a_training: float) -> dict[int, Pace]:
    """Return how many updates of each size cost ``cost_a_training``.

    Example:
        >>> equal_times({16: 3.0, 32: 2.0}, 96_000)
        {16: Pace(num_steps=2000, cost=3.0), 32: Pace(num_steps=1500, cost=2.0)}
    """
    return {size: Pace(max(1, round(cost_a_training / (cost * size))), cost) for size, cost in costs.items()}
