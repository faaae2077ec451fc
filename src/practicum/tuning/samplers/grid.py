"""Grid search: every combination of a few regular values, each cell once.

Kept for what it is good at, a look at one or two hyper-parameters with all else fixed; beyond that random search finds
more for the same money. One failed job leaves a hole in a grid, so it is known which cells are missing.
Source: Bengio 2012, 3.3-11, 3.3-12, 3.4-07.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from practicum.core.errors import ConfigError, nearest
from practicum.recipe.space import Space
from practicum.tuning.samplers.levels import grid_values, key
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried

DEFAULT_NUM_VALUES = 4
"""Values of an entry: fewer than this allow no conclusion [3.3-04]."""

MAX_CELLS = 5000
"""Above this a grid is refused; the chapter's example of too many is 6^5 = 7776 [3.3-11]."""


class Grid:
    """Proposes the cells of a regular grid, in a fixed order.

    The values are spaced regularly in the unit interval of each entry (in the logarithm where the entry is a
    logarithmic one), both ends included. Cells are numbered in the order of the space's entries, the last entry
    varying fastest; an entry whose condition does not hold has no values in that cell.

    Args:
        space: what to vary.
        num_values: of every entry, or by name (the others take :data:`DEFAULT_NUM_VALUES`).
        done: numbers of the cells that need not be trained any more.
        max_cells: the largest grid that is not refused.

    Raises:
        ConfigError: if ``num_values`` is below 1 or names an unknown entry, ``done`` names no cell, or the grid has
            more than ``max_cells`` cells.

    Source:
        Bengio 2012, 3.3-11 (regular values in the log domain, cross product), 3.3-12 (only missing cells again).

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(0.001, 0.1)),))
        >>> grid = Grid(space, num_values=3, done={0})
        >>> [cell["learning_rate"] for cell in grid.ask(5)], grid.missing()
        ([0.01, 0.1], (1, 2))
    """

    def __init__(
        self,
        space: Space,
        num_values: int | Mapping[str, int] = DEFAULT_NUM_VALUES,
        done: Collection[int] = (),
        max_cells: int = MAX_CELLS,
    ) -> None:
        values = _values_by_name(space, num_values)
        cells = list(islice(_branch(space, values, space.names, {}), max_cells + 1))
        if len(cells) > max_cells:
            raise _too_many(values, max_cells)
        unknown = sorted(set(done) - set(range(len(cells))))
        if unknown:
            raise ConfigError(
                f"`done` must name cells from 0 to {len(cells) - 1}, but got {unknown[0]}.", done=unknown
            )
        self.cells: tuple[Values, ...] = tuple(cells)
        self._numbers = {key(cell): number for number, cell in enumerate(cells)}
        self._done = set(done)
        self._asked = set(done)

    def ask(self, count: int) -> list[Values]:
        """Return the next ``count`` cells that are neither done nor asked for; fewer, or none, at the end."""
        left = [number for number in range(len(self.cells)) if number not in self._asked | self._done]
        self._asked |= set(left[:count])
        return [dict(self.cells[number]) for number in left[:count]]

    def tell(self, tried: Sequence[Tried]) -> None:
        """Tick off cells, also those that another process trained; what failed without diverging stays missing."""
        for one in tried:
            number = self._numbers.get(key(one.values))
            if number is not None and (math.isfinite(one.error) or one.diverged or one.halted):
                self._done.add(number)

    def missing(self) -> tuple[int, ...]:
        """Return the numbers of the cells without an outcome; a fresh grid told the outcomes asks exactly for these."""
        return tuple(number for number in range(len(self.cells)) if number not in self._done)


def _values_by_name(space: Space, num_values: int | Mapping[str, int]) -> dict[str, tuple[Any, ...]]:
    """Return the values of each entry, or complain about a number of them."""
    by_name = dict.fromkeys(space.names, num_values) if isinstance(num_values, int) else dict(num_values)
    for name, count in by_name.items():
        if name not in space.names:
            raise ConfigError(
                f'`num_values` must name entries of the space, but got "{name}".{nearest(name, space.names)}',
                name=name,
            )
        if count < 1:
            raise ConfigError(f"`num_values` must be ≥ 1, but got {count} ({name}).", num_values=count)
    return {
        entry.name: grid_values(entry.distribution, by_name.get(entry.name, DEFAULT_NUM_VALUES))
        for entry in space.entries
    }


def _branch(
    space: Space, by_name: Mapping[str, Sequence[Any]], names: tuple[str, ...], cell: Values
) -> Iterator[Values]:
    """Yield the cells that complete ``cell`` with the entries ``names``."""
    if not names:
        yield cell
        return
    first, rest = names[0], names[1:]
    if not space.active(first, cell):
        yield from _branch(space, by_name, rest, cell)
        return
    for value in by_name[first]:
        yield from _branch(space, by_name, rest, {**cell, first: value})


def _too_many(by_name: Mapping[str, Sequence[Any]], max_cells: int) -> ConfigError:
    """Return the complaint about a grid that nobody can afford."""
    counts = {name: len(values) for name, values in by_name.items() if len(values) > 1}
    total = math.prod(counts.values())
    product = " × ".join(f"{count} ({name})" for name, count in counts.items())
    return ConfigError(
        f"A grid must have at most {max_cells} cells, but got {product} = {total} trials. "
        'Use fewer entries or values, or the sampler "random", which finds as much with far fewer trials.',
        num_cells=total,
        max_cells=max_cells,
    )
