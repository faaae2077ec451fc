"""The unit cube of a space as arrays: which points it has, how far they lie apart, and boxes around a point.

A point is a row of units, one an entry; ``nan`` stands for an entry whose condition does not hold. Units of discrete
entries are always the middles of their values' intervals, so equal values have equal units.
Source: Bengio 2012, 3.3-05 (distance in the scale that matters), 3.3-10 and 3.3-13 (zooming in).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicum.core.errors import ConfigError
from practicum.recipe.space import Choice, Distribution, SometimesOff, Space
from practicum.tuning.samplers.levels import every_value
from practicum.tuning.samplers.sampler import Values

Array = NDArray[np.float64]

MOST_MIDDLES = 64
"""Values up to which a discrete entry is moved value by value; finer ones are moved as if they were continuous."""

MIDDLE = 0.5
"""Where an entry that does not act is thought to lie when distances are measured."""

MOVED = 0.6
"""Share of the entries in which a point of a box differs from its centre."""

REACH = 3
"""A box is at least as wide as so many values of a discrete entry: the best and its neighbours."""


class Cube:
    """Points of a space's unit cube.

    Args:
        space: whose entries are the axes.

    Example:
        >>> from practicum.recipe.space import Space
        >>> cube = Cube(Space.preset("small"))
        >>> point = cube.point({"learning_rate": 0.001, "momentum": 0.9, "l2_penalty": 0.0, "width": 64})
        >>> cube.values(point)["momentum"]
        0.9
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self.names = space.names
        self._distributions = tuple(space[name].distribution for name in space.names)
        self._middles = tuple(_middles(distribution) for distribution in self._distributions)
        self._unordered = tuple(_is_unordered(distribution) for distribution in self._distributions)
        self._has_conditions = any(entry.when for entry in space.entries)

    def point(self, values: Mapping[str, Any]) -> Array | None:
        """Return the point of ``values``, or ``None`` where the space does not have them."""
        if not set(values) <= set(self.names):
            return None
        try:
            units = self.space.units(values)
        except ConfigError:
            return None
        return np.array([units.get(name, np.nan) for name in self.names])

    def values(self, point: Array) -> Values:
        """Return the values of a point."""
        pairs = zip(self.names, point, strict=True)
        return self.space.values({name: MIDDLE if np.isnan(unit) else float(unit) for name, unit in pairs})

    def snapped(self, points: Array) -> Array:
        """Return points with units of discrete entries at the middles, and ``nan`` where an entry does not act."""
        points = points.copy()
        for axis, (middles, distribution) in enumerate(zip(self._middles, self._distributions, strict=True)):
            if middles is not None:
                points[:, axis] = middles[np.abs(points[:, axis, None] - middles).argmin(axis=1)]
            elif isinstance(distribution, SometimesOff):
                off = points[:, axis] < distribution.probability
                points[off, axis] = distribution.probability / 2
        if self._has_conditions:
            for row, point in enumerate(points):
                acting = self.values(point)
                points[row, [name not in acting for name in self.names]] = np.nan
        return points

    def squares(self, one: Array, other: Array) -> Array:
        """Return squared distances along each axis, shape (axes, rows of one, rows of other).

        Options of a choice, and on and off, are all as far apart as the two ends of a range.
        """
        first, second = np.nan_to_num(one, nan=MIDDLE).T, np.nan_to_num(other, nan=MIDDLE).T
        squares: Array = (first[:, :, None] - second[:, None, :]) ** 2
        for axis in np.flatnonzero(self._unordered):
            squares[axis] = squares[axis] > 0
        return squares

    def box(self, centre: Array, width: float) -> Array:
        """Return the lower and upper unit of a box around a point, shape (2, axes); it never leaves the cube.

        At a border it is moved inwards, not cut. Of a choice it has all options; so has it of an entry that does not
        act at the centre, and of one that is sometimes off all where it is off.
        """
        low, high = np.zeros(len(self.names)), np.ones(len(self.names))
        for axis, distribution in enumerate(self._distributions):
            if np.isnan(centre[axis]) or self._unordered[axis]:
                continue
            middles = self._middles[axis]
            size = min(1.0, width if middles is None else max(width, REACH / len(middles)))
            floor = distribution.probability if isinstance(distribution, SometimesOff) else 0.0
            if centre[axis] < floor:
                continue
            size = min(size, 1.0 - floor)
            low[axis] = min(max(centre[axis] - size / 2, floor), 1.0 - size)
            high[axis] = low[axis] + size
        return np.stack([low, high])

    def part(self, box: Array) -> Space:
        """Return the space of a box, entries narrowed to it."""
        pairs = zip(self.space.entries, box.T, strict=True)
        entries = (
            entry
            if (low, high) == (0.0, 1.0)
            else replace(entry, distribution=entry.distribution.narrowed(float(low), float(high)))
            for entry, (low, high) in pairs
        )
        return replace(self.space, entries=tuple(entries))

    def around(self, centre: Array, width: float, draws: Array, changes: Array, moves: Array) -> Array:
        """Return points of the box around ``centre``, one a row of ``draws``.

        Each keeps the centre's value in some of the entries [:data:`MOVED`], so that it goes far in few of many
        directions. An entry without order, or one that is off, changes only where ``changes`` is below half the
        width; there, too, does what is sometimes off turn off.

        Args:
            centre: of the box.
            width: of the box, in units.
            draws: numbers in [0, 1), shape (points, axes).
            changes: further numbers in [0, 1), of that shape.
            moves: again; an entry stays where it is :data:`MOVED` or more.
        """
        low, high = self.box(centre, width)
        points = low + draws * (high - low)
        changed = changes < width / 2
        for axis, distribution in enumerate(self._distributions):
            sometimes = isinstance(distribution, SometimesOff)
            if np.isnan(centre[axis]):
                continue
            if self._unordered[axis] or (sometimes and (low[axis], high[axis]) == (0.0, 1.0)):
                points[:, axis] = np.where(changed[:, axis], draws[:, axis], centre[axis])
            elif sometimes:
                points[:, axis] = np.where(changed[:, axis], draws[:, axis], points[:, axis])
        stays = (moves >= MOVED) & ~np.isnan(centre)
        return self.snapped(np.where(stays, centre, points))


def _middles(distribution: Distribution) -> Array | None:
    """Return the middles of all values of a discrete distribution, ``None`` where there are many."""
    count = distribution.num_values
    if count is None or count > MOST_MIDDLES:
        return None
    return np.array([distribution.unit(value) for value in every_value(distribution)])


def _is_unordered(distribution: Distribution) -> bool:
    """Return whether values have no order: a choice, unless it is of ascending numbers."""
    if not isinstance(distribution, Choice):
        return False
    options: Sequence[Any] = distribution.options
    numbers = all(isinstance(option, int | float) and not isinstance(option, bool) for option in options)
    return not (numbers and list(options) == sorted(options))
