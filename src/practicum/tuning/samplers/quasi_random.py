"""Quasi-random search: scrambled Sobol' points, arranged so that they fill packs.

Trials of one pack must share their structure (what decides shapes); everything else differs within a pack at no cost.
So the structure changes from pack to pack and is stratified over packs, and the free entries over all trials.
Source: Bengio 2012, 3.4-01, 3.4-06; Owen 1998 (scrambling); Bergstra & Bengio 2012 (section 3.4: Sobol' at least as
good as random draws).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Space
from practicum.tuning.samplers.levels import snapped
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried

BLOCK = 64
"""Sobol' points made at a time; a power of two, as the sequence wants."""

COARSE_LEVELS = 4
"""Levels of a finely divided structural entry: the fewest that a conclusion may rest on [3.3-04]."""


class SobolPoints:
    """A scrambled Sobol' sequence of which point i is the same however it is read.

    Args:
        num_dimensions: of the unit cube, may be 0.
        seed: of the scrambling.

    Source:
        Sobol' 1967; Owen 1998 and Matoušek 1998 (scrambling), as SciPy has them.

    Example:
        >>> points = SobolPoints(2, seed=0)
        >>> sorted(int(4 * points[i][0]) for i in range(4))
        [0, 1, 2, 3]
    """

    def __init__(self, num_dimensions: int, seed: int) -> None:
        self._num_dimensions = num_dimensions
        self._seed = seed
        self._engine: Any = None
        self._blocks: list[Any] = []

    def __getitem__(self, index: int) -> list[float]:
        block, row = divmod(index, BLOCK)
        while len(self._blocks) <= block:
            self._blocks.append(self._more())
        point: list[float] = self._blocks[block][row].tolist()
        return point

    def _more(self) -> Any:
        """Return the next block of points, (BLOCK, num_dimensions)."""
        if self._num_dimensions == 0:
            return np.zeros((BLOCK, 0))
        if self._engine is None:
            from scipy.stats.qmc import Sobol  # SciPy's statistics take a while to import

            number = int(
                stream(self._seed, "sampler/sobol").integers(2**63)
            )  # it cannot spawn from a keyed stream
            self._engine = Sobol(self._num_dimensions, scramble=True, seed=number)
        return self._engine.random(BLOCK)


class QuasiRandom:
    """Proposes scrambled Sobol' points, ``pack_size`` consecutive ones of the same structure.

    Trial i is a function of the space, the seed, the pack size and i alone. Block b holds the trials from
    ``b * pack_size`` on; its structural entries are those of point b, finely divided ones on
    :data:`COARSE_LEVELS` levels where packs are larger than 1, so that blocks meet again. The free entries of trial i
    are those of point i. Structure and free entries are different dimensions of one sequence: two sequences would be
    correlated, however they are scrambled.

    Args:
        space: what to draw from.
        seed: of the search.
        pack_size: trials that are trained side by side.
        first: number of the first trial to propose; a search that is extended goes on where it ended.

    Raises:
        ConfigError: if ``pack_size`` is below 1.

    Source:
        Bengio 2012, 3.4-01, 3.4-02, 3.4-06.

    Example:
        >>> from practicum.recipe.space import Space
        >>> space = Space.preset("small")
        >>> trials = QuasiRandom(space, seed=0, pack_size=8).ask(8)
        >>> len({trial["learning_rate"] for trial in trials})
        8
    """

    def __init__(self, space: Space, seed: int, pack_size: int = 1, first: int = 0) -> None:
        if pack_size < 1:
            raise ConfigError(f"`pack_size` must be ≥ 1, but got pack_size={pack_size}.", pack_size=pack_size)
        self._space = space
        self._pack_size = pack_size
        self._next = first
        self._shared = shared_names(space)
        # Structure takes the first dimensions, whose low-discrepancy over few points is the best.
        self._names = (*self._shared, *(name for name in space.names if name not in self._shared))
        self._points = SobolPoints(len(self._names), seed)

    def ask(self, count: int) -> list[Values]:
        """Return the values of the next ``count`` trials; there are always more."""
        numbers = range(self._next, self._next + count)
        self._next += count
        return [self._space.values(self.units(number)) for number in numbers]

    def tell(self, tried: Sequence[Tried]) -> None:
        """Do nothing: the points are the same whatever became of them."""

    def units(self, number: int) -> dict[str, float]:
        """Return the point of the unit cube that is trial ``number``, by name of entry."""
        units = dict(zip(self._names, self._points[number], strict=True))
        structure = self._points[number // self._pack_size]
        for name, unit in zip(self._shared, structure, strict=False):
            coarse = self._pack_size > 1
            units[name] = snapped(self._space[name].distribution, unit, COARSE_LEVELS) if coarse else unit
        return units


def shared_names(space: Space) -> tuple[str, ...]:
    """Return the entries that trials of one pack share: the structural ones and what their conditions ask about.

    Example:
        >>> from practicum.recipe.space import Space
        >>> space = Space.preset("small")
        >>> set(space.structural) <= set(shared_names(space))
        True
    """
    shared = set(space.structural)
    for entry in reversed(space.entries):  # children stand after their parents
        if entry.name in shared:
            shared |= set(entry.when)
    return tuple(name for name in space.names if name in shared)
