"""Coordinate descent: one hyper-parameter at a time, always from the best configuration so far.

What an expert with a single machine does by hand, without the hand. It is greedy, so it is not the default.
Source: Bengio 2012, 3.3-09, 3.3-04, 3.3-10.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from practicum.core.guide.settings import SEARCHED
from practicum.core.seeds import stream
from practicum.recipe.space import Entry, Space
from practicum.tuning.samplers.levels import every_value, key
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried

MIN_VALUES = 4
"""Values of a line, at least: three allow no conclusion [3.3-04]."""

SHRINK = 0.5
"""Each visit looks at a part of the range this much narrower, around the best."""

PRIOR_WEIGHT = {"learning_rate": 2.0}
"""How much more often an entry is visited than another of equal sensitivity; others count 1 [3.3-09, 3.4-03]."""

LEAST_WEIGHT = 0.1
"""Of the most sensitive entry's weight: what an entry keeps that seemed not to matter where it was looked at."""


@dataclass(slots=True)
class Line:
    """What is known about one entry.

    Attributes:
        visits: lines tried along it.
        errors: finite errors of the trials along it.
        exhausted: whether all its values were tried around the present best.
    """

    visits: int = 0
    errors: list[float] = field(default_factory=list)
    exhausted: bool = False

    @property
    def spread(self) -> float:
        """Difference of the largest and the smallest error seen along the entry: its sensitivity."""
        return max(self.errors) - min(self.errors) if self.errors else 0.0


class CoordinateDescent:
    """Proposes a line of values of one entry, everything else as in the best trial so far.

    The first line of an entry spans its whole range, each further one half as much around the best. The next entry
    is the one of the largest weight: its sensitivity (the spread of the errors along it, relative to the largest),
    times its prior weight, divided by the visits it had and one. Entries never visited count as fully sensitive. So
    the learning rate comes first, and what matters is visited more often than the rest.

    Args:
        space: what to vary.
        seed: of the search; places each value at random within its part of the line, so no two lines repeat.
        start: values to start from; otherwise the guide's defaults where they lie in the space, else the middles.

    Source:
        Bengio 2012, 3.3-09 (order and revisits), 3.3-04 (values of a line), 3.3-10 (finer each time).

    Example:
        >>> from practicum.recipe.space import Space
        >>> search = CoordinateDescent(Space.preset("small"), seed=0)
        >>> len({trial["learning_rate"] for trial in search.ask(8)})
        8
    """

    def __init__(self, space: Space, seed: int, start: Values | None = None) -> None:
        self._space = space
        self._seed = seed
        self._start = {entry.name: _start_unit(entry) for entry in space.entries}
        self._start |= space.units(start or {})
        self._best: Tried | None = None
        self._worst = -math.inf
        self._lines = {name: Line() for name in space.names}
        self._entry_of: dict[object, str] = {}
        self._waiting: list[Values] = []
        self._num_lines = 0

    def ask(self, count: int) -> list[Values]:
        """Return ``count`` values of one entry, more than one entry's only where it has too few.

        A line has :data:`MIN_VALUES` values or more; what was not asked for yet comes with the next ask.
        """
        while len(self._waiting) < count:
            name = self._next_entry()
            if name is None:
                break
            self._waiting += self._line(name, max(MIN_VALUES, count - len(self._waiting)))
        proposed, self._waiting = self._waiting[:count], self._waiting[count:]
        return proposed

    def tell(self, tried: Sequence[Tried]) -> None:
        """Take in outcomes; trials that were not asked for here can still be the best to go on from."""
        before = self._best
        for one in tried:
            if math.isfinite(one.error):
                self._worst = max(self._worst, one.error)
                if self._best is None or _rank(one) < _rank(self._best):
                    self._best = one
        for one in tried:
            name = self._entry_of.get(key(one.values))
            if name is not None and math.isfinite(self._worst):
                # Having diverged says that an entry matters, but not how much worse than the worst it is.
                self._lines[name].errors.append(min(one.error, self._worst))
        if self._best is not before:
            for line in self._lines.values():
                line.exhausted = False

    def sensitivity(self) -> dict[str, float]:
        """Return the spread of the errors seen along each entry, by name.

        Example:
            >>> from practicum.recipe.space import Space
            >>> set(CoordinateDescent(Space.preset("small"), seed=0).sensitivity().values())
            {0.0}
        """
        return {name: line.spread for name, line in self._lines.items()}

    def _next_entry(self) -> str | None:
        """Return the entry to vary now, or ``None`` when nothing is left around the best."""
        active = self._space.values(self._centre())
        usable = {name: line for name, line in self._lines.items() if name in active and not line.exhausted}
        largest = max((line.spread for line in self._lines.values()), default=0.0)

        def weight(name: str, line: Line) -> float:
            relative = line.spread / largest if line.visits and largest > 0 else 1.0
            return PRIOR_WEIGHT.get(name, 1.0) * max(relative, LEAST_WEIGHT) / (line.visits + 1)

        # Of equals, the one visited least, then the first of the space.
        ranked = sorted(usable.items(), key=lambda item: (-weight(*item), item[1].visits))
        return ranked[0][0] if ranked else None

    def _line(self, name: str, count: int) -> list[Values]:
        """Return up to ``count`` new trials along an entry, and note the visit."""
        line = self._lines[name]
        centre = self._centre()
        proposed: list[Values] = []
        for unit in self._units(name, centre[name], count, SHRINK**line.visits):
            values = self._space.values({**centre, name: unit})
            if key(values) not in self._entry_of:
                self._entry_of[key(values)] = name
                proposed.append(values)
        line.visits += 1
        line.exhausted = not proposed
        return proposed

    def _units(self, name: str, centre: float, count: int, width: float) -> list[float]:
        """Return where along an entry to look: all of few values, or one point in each of ``count`` parts."""
        distribution = self._space[name].distribution
        if distribution.num_values is not None and distribution.num_values <= count:
            return [distribution.unit(value) for value in every_value(distribution)]
        low = min(max(centre - width / 2, 0.0), 1.0 - width)
        places = stream(self._seed, "sampler/line", self._num_lines).random(count).tolist()
        self._num_lines += 1
        return [min(low + (i + place) / count * width, 1.0) for i, place in enumerate(places)]

    def _centre(self) -> dict[str, float]:
        """Return the units of the best trial, of the start where an entry has no value in it."""
        return self._start | (self._space.units(self._best.values) if self._best is not None else {})


def _rank(one: Tried) -> tuple[bool, float, int]:
    """Return the order of preference: trained in full, low error, the earlier of equals."""
    return (one.halted or one.diverged, one.error, one.number)


def _start_unit(entry: Entry) -> float:
    """Return where the guide's default stands on an entry, the middle where it has none in the range."""
    default = SEARCHED[entry.name].default if entry.name in SEARCHED else None
    return entry.distribution.unit(default) if entry.distribution.takes(default) else 0.5
