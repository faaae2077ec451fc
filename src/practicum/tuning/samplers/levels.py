"""Few values out of many: the levels of an entry for grids, lines and packs.

Source: Bengio 2012, 3.3-04, 3.3-05, 3.3-11.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from practicum.recipe.space import Choice, Distribution, LogInteger, SometimesOff


def every_value(distribution: Distribution) -> tuple[Any, ...]:
    """Return all values of a discrete distribution, in the order of their units.

    Example:
        >>> from practicum.recipe.space import Integer
        >>> every_value(Integer(1, 3))
        (1, 2, 3)
    """
    if isinstance(distribution, Choice):
        return distribution.options
    if isinstance(distribution, SometimesOff):
        return (distribution.off, *every_value(distribution.inner))
    low, high = distribution.ends
    return tuple(range(low, high + 1, distribution.multiple if isinstance(distribution, LogInteger) else 1))


def grid_values(distribution: Distribution, count: int) -> tuple[Any, ...]:
    """Return ``count`` values spaced regularly in the unit interval, both ends included; fewer where there are fewer.

    A choice gives all its options, since there is no order to take every other of. "Off" is a value beside those of
    the distribution that it switches. One value alone is the middle.

    Example:
        >>> from practicum.recipe.space import Log
        >>> grid_values(Log(0.001, 0.1), 3)
        (0.001, 0.01, 0.1)
    """
    if isinstance(distribution, Choice):
        return distribution.options
    if isinstance(distribution, SometimesOff):
        return _distinct((distribution.off, *grid_values(distribution.inner, max(1, count - 1))))
    if distribution.num_values is not None and distribution.num_values <= count:
        return every_value(distribution)
    units = [0.5] if count == 1 else [i / (count - 1) for i in range(count)]
    return _distinct(_tidy(distribution, distribution.value(unit)) for unit in units)


def snapped(distribution: Distribution, unit: float, levels: int) -> float:
    """Return the middle of that of ``levels`` equal parts of the unit interval in which ``unit`` lies.

    Choices, and what has no more than twice as many values, stay as they are.

    Example:
        >>> from practicum.recipe.space import Integer
        >>> snapped(Integer(1, 1000), 0.3, levels=4), snapped(Integer(1, 3), 0.3, levels=4)
        (0.375, 0.3)
    """
    few = distribution.num_values is not None and distribution.num_values <= 2 * levels
    if few or isinstance(distribution, Choice):
        return unit
    return (math.floor(unit * levels) + 0.5) / levels


Key = tuple[tuple[str, Any], ...]


def key(values: Mapping[str, Any]) -> Key:
    """Return what tells two trials' values apart, whether their tuples have become lists in a file or not.

    Example:
        >>> key({"hidden_sizes": [8, 8]}) == key({"hidden_sizes": (8, 8)})
        True
    """
    return tuple((name, _frozen(value)) for name, value in sorted(values.items()))


def _frozen(value: Any) -> Any:
    """Return ``value`` with lists as tuples, and with its type, since 1 == True == 1.0."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(part) for part in value)
    return (isinstance(value, bool), value)


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return values without repetitions, in order."""
    kept: list[Any] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return tuple(kept)


def _tidy(distribution: Distribution, value: Any) -> Any:
    """Return a float without the last digits' rounding noise: 0.01, not 0.010000000000000002."""
    if not isinstance(value, float):
        return value
    tidy = float(f"{value:.12g}")
    return tidy if distribution.takes(tidy) else value
