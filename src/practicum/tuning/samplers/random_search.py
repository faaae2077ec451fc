"""Random search: every trial an independent draw from the space.

The strategy of which no trial is ever wasted: a failed one need not be run again, and 50 more extend a finished search.
Source: Bengio 2012, 3.4-01, 3.4-02, 3.4-06.
"""

from __future__ import annotations

from collections.abc import Sequence

from practicum.core.seeds import stream
from practicum.recipe.space import Space
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried


class Random:
    """Draws each entry independently from its distribution.

    Trial i is a function of the space, the seed and i alone: neither the number of trials, nor how the asks are
    divided, nor what was told changes it.

    Args:
        space: what to draw from.
        seed: of the search.
        first: number of the first trial to propose; a search that is extended goes on where it ended.

    Source:
        Bengio 2012, 3.4-01 (independent draws), 3.4-06 (extension without waste).

    Example:
        >>> from practicum.recipe.space import Space
        >>> space = Space.preset("small")
        >>> Random(space, seed=0, first=1).ask(1) == Random(space, seed=0).ask(2)[1:]
        True
    """

    def __init__(self, space: Space, seed: int, first: int = 0) -> None:
        self._space = space
        self._seed = seed
        self._next = first

    def ask(self, count: int) -> list[Values]:
        """Return the values of the next ``count`` trials; there are always more."""
        numbers = range(self._next, self._next + count)
        self._next += count
        return [self._space.values(self.units(number)) for number in numbers]

    def tell(self, tried: Sequence[Tried]) -> None:
        """Do nothing: random draws learn from no outcome."""

    def units(self, number: int) -> dict[str, float]:
        """Return the point of the unit cube that is trial ``number``, by name of entry.

        Every entry has its coordinate, also one whose condition will not hold, so that conditions move no other.
        """
        drawn = stream(self._seed, "sampler", number).random(len(self._space.names))
        return dict(zip(self._space.names, drawn.tolist(), strict=True))
