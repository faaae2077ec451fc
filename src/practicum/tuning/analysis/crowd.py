"""How many values were tried near the best: from three nothing is concluded, even if the middle is best [3.3-04]."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from practicum.recipe.space import Integer, Log, LogInteger, LogNormal, Space
from practicum.tuning.analysis.positions import best_of, numbers_of, position_of
from practicum.tuning.trial import Tried

ENOUGH_VALUES = 4
"""Fewer different values near the best are too few."""

FACTOR = 2.0
"""Values up to this factor away are near the best on a log scale..."""

SIXTH = 1 / 6
"""...and up to this share of the range on a linear one."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many values of an entry were tried near its best.

    Attributes:
        name: of the entry.
        best: its value in the best trial.
        num_near: different values tried near it, itself included.
        num_needed: :data:`ENOUGH_VALUES`, or fewer where there are no more.
    """

    name: str
    best: float
    num_near: int
    num_needed: int

    @property
    def enough(self) -> bool:
        """Whether a conclusion may be drawn."""
        return self.num_near >= self.num_needed

    @property
    def text(self) -> str:
        """One sentence where more values are needed, else an empty string."""
        if self.enough:
            return ""
        tried = "value was" if self.num_near == 1 else "values were"
        return (
            f"Only {self.num_near} different {tried} tried near the best `{self.name}`, {self.best:.3g}: "
            f"at least {self.num_needed} are needed to conclude."
        )


def crowds(tried: Sequence[Tried], space: Space) -> tuple[Crowd, ...]:
    """Return how many values were tried near the best, for each numeric entry that acts in the best trial.

    Source:
        Bengio 2012, 3.3-04.

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(1e-3, 1)),))
        >>> tried = [Tried(i, {"learning_rate": r}, abs(r - 0.1)) for i, r in enumerate((0.01, 0.1, 0.15))]
        >>> crowds(tried, space)[0].text
        'Only 2 different values were tried near the best `learning_rate`, 0.1: at least 4 are needed to conclude.'
    """
    best = best_of(tried)
    if best is None:
        return ()
    found = []
    for entry in space.entries:
        numbers = numbers_of(entry)
        value = best.values.get(entry.name)
        if numbers is None or value is None or math.isnan(position_of(numbers, value)):
            continue
        low, high = _neighbourhood(numbers, float(value))
        values = {
            one.values[entry.name] for one in tried if _is_between(one.values.get(entry.name), low, high)
        }
        needed = ENOUGH_VALUES
        if isinstance(numbers, Integer | LogInteger):
            step = numbers.multiple if isinstance(numbers, LogInteger) else 1
            first, last = max(low, numbers.ends[0]), min(high, numbers.ends[-1])
            needed = min(needed, math.floor(last / step) - math.ceil(first / step) + 1)
        found.append(Crowd(entry.name, float(value), len(values), needed))
    return tuple(found)


def _neighbourhood(numbers: Any, value: float) -> tuple[float, float]:
    """Return what counts as near ``value``."""
    if isinstance(numbers, Log | LogInteger | LogNormal):
        return value / FACTOR, value * FACTOR
    reach = SIXTH * (numbers.ends[-1] - numbers.ends[0])
    return value - reach, value + reach


def _is_between(value: Any, low: float, high: float) -> bool:
    """Return whether ``value`` is a number in [low, high], rounding allowed for."""
    slack = 1e-9 * max(abs(low), abs(high))
    return isinstance(value, int | float) and low - slack <= value <= high + slack
