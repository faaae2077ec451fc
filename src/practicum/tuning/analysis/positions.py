"""Where finished trials lie in their space, as arrays: the common beginning of every analysis.

A position is a number's place inside its range, 0 at the low end and 1 at the high end on the entry's own scale
[3.3-05]. Trials that diverged stay in: they are results [3.4-06], the worst there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from practicum.core.errors import ConfigError
from practicum.recipe.space import Choice, Distribution, Entry, SometimesOff, Space
from practicum.tuning.trial import Tried

Floats = npt.NDArray[np.float64]

FEW_VALUES = 24
"""A whole-number entry with at most so many values is looked at value by value."""


def errors_of(tried: Sequence[Tried]) -> Floats:
    """Return the error of each trial, ``inf`` where it diverged or has none, shape ``(N,)``.

    Example:
        >>> errors_of([Tried(0, {}, 0.2), Tried(1, {}, 0.1, diverged=True)])
        array([0.2, inf])
    """
    return np.array(
        [one.error if math.isfinite(one.error) and not one.diverged else math.inf for one in tried],
        dtype=np.float64,
    )


def losses_of(tried: Sequence[Tried]) -> Floats:
    """Return the validation loss of each trial, ``inf`` where it diverged or nobody knows it, shape ``(N,)``.

    Example:
        >>> losses_of([Tried(0, {}, 0.2, loss=0.7), Tried(1, {}, 0.2)])
        array([0.7, inf])
    """
    return np.array(
        [one.loss if math.isfinite(one.loss) and not one.diverged else math.inf for one in tried],
        dtype=np.float64,
    )


def best_of(tried: Sequence[Tried]) -> Tried | None:
    """Return the trial of the lowest error, of two alike the one asked for first; None where all diverged.

    Example:
        >>> best_of([Tried(0, {}, 0.2), Tried(1, {}, 0.1)]).number
        1
    """
    finite = [one for one in tried if math.isfinite(one.error) and not one.diverged]
    return min(finite, key=lambda one: (one.error, one.number), default=None)


def numbers_of(entry: Entry) -> Distribution | None:
    """Return the distribution of an entry's numbers, without its "off"; None for a choice, which has no order.

    Example:
        >>> from practicum.recipe.space import Log
        >>> numbers_of(Entry("l2_penalty", SometimesOff(Log(1e-3, 10.0))))
        Log(low=0.001, high=10.0)
    """
    inner = entry.distribution.inner if isinstance(entry.distribution, SometimesOff) else entry.distribution
    return None if isinstance(inner, Choice) else inner


def position_of(distribution: Distribution, value: Any) -> float:
    """Return the position of ``value``, ``nan`` where the distribution has no such value."""
    try:
        return float(distribution.unit(value))
    except ConfigError:
        return math.nan


def positions_of(tried: Sequence[Tried], entry: Entry) -> Floats:
    """Return the position of a numeric entry in each trial, shape ``(N,)``.

    Returns:
        ``nan`` where it does not act, is off, or lies outside the range (a trial of another space).
    """
    numbers = numbers_of(entry)
    assert numbers is not None
    positions = [
        position_of(numbers, one.values[entry.name]) if entry.name in one.values else math.nan
        for one in tried
    ]
    return np.array(positions, dtype=np.float64)


def few_positions(distribution: Distribution) -> Floats | None:
    """Return the positions of all values where there are at most :data:`FEW_VALUES`, else None.

    Example:
        >>> from practicum.recipe.space import Integer
        >>> few_positions(Integer(1, 2))
        array([0.25, 0.75])
    """
    count = distribution.num_values
    if count is None or count > FEW_VALUES:
        return None
    grid = np.linspace(0.0, 1.0, 64 * count, endpoint=False)
    values = dict.fromkeys(distribution.value(float(unit)) for unit in grid)
    return np.array([distribution.unit(value) for value in values], dtype=np.float64)


def searched_entries(space: Space, tried: Sequence[Tried]) -> tuple[Entry, ...]:
    """Return the entries that took two values at least, "does not act" being one: the others can say nothing."""
    return tuple(entry for entry in space.entries if len({_key(one, entry.name) for one in tried}) > 1)


def _key(one: Tried, name: str) -> Any:
    """Return what tells the trial's value from others, lists included."""
    return repr(one.values[name]) if name in one.values else None
