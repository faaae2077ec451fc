"""The border rule at work: a search whose best lies at an end of a range goes on in a wider one [3.3-03]."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from practicum.recipe.space import Distribution, SometimesOff, Space
from practicum.tuning.analysis.border import borders, extension
from practicum.tuning.analysis.ends import beyond
from practicum.tuning.samplers.levels import key
from practicum.tuning.samplers.quasi_random import QuasiRandom
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.samplers.zoom import WIDE_PACK, Zoom
from practicum.tuning.trial import Tried

MOST_TIMES = 4
"""So often ranges are extended; what lies further out is said, not searched."""

NUM_LOOKS = 32
"""Known trials up to which a search is watched: what was inside till then is not pushed out by the zooms."""

LOOK_EVERY = 4
"""Known trials from look to look."""

NUM_BEYOND = 8
"""Trials in the part that an extension added; a surrogate that has seen nothing there may never go."""


class Widening:
    """A zoom that looks at the borders once the wide trials are known, and again after each extension.

    It looks at trials in the order of their numbers, whatever the order and the portions in which they are told: so a
    search that a kill interrupted moves the same borders.

    Args:
        zoom: proposes.
        space: that it begins with.
        seed: of the search.

    Attributes:
        space: as it is now.
        extended: names of the entries whose range was extended, in order.

    Source:
        Bengio 2012, 3.3-03.

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(1e-6, 1e-3)),))
        >>> sampler = Widening(Zoom(space, seed=0, num_wide=16), space, seed=0)
        >>> trials = sampler.ask(16)
        >>> sampler.tell([Tried(i, one, 0.5 - 30 * one["learning_rate"]) for i, one in enumerate(trials)])
        >>> sampler.extended, sampler.space["learning_rate"].distribution.high > 1e-3
        (('learning_rate',), True)
    """

    def __init__(self, zoom: Zoom, space: Space, seed: int) -> None:
        self._zoom, self.space, self._seed = zoom, space, seed
        self.extended: tuple[str, ...] = ()
        self._tried: list[Tried] = []
        self._waiting: dict[int, Tried] = {}
        self._times, self._due = 0, min(zoom.num_wide, NUM_LOOKS)
        self._beyond: list[Values] = []
        self._unknown: list[Values] = []
        self._asked = self._informed = 0

    def ask(self, count: int) -> list[Values]:
        """Return the values of the next ``count`` trials; after an extension the first lie beyond the old end."""
        some, self._beyond = self._beyond[:count], self._beyond[count:]
        self._zoom.expect(some)
        self._asked += count
        return some + self._zoom.ask(count - len(some))

    def tell(self, tried: Sequence[Tried]) -> None:
        """Take in finished trials; move a border where they say so."""
        self._zoom.tell(tried)
        self._waiting |= {one.number: one for one in tried}
        while len(self._tried) in self._waiting:
            self._know(self._waiting.pop(len(self._tried)))

    def tell_rest(self, tried: Sequence[Tried]) -> bool:
        """Take in those of ``tried`` that are not known yet; return whether the search should go on.

        A search asks ahead of what it knows. It should not end before trials have followed that know what an extension
        gave. What was asked for and never tried is forgotten: how much that is, a clock decides.

        Args:
            tried: all trials of the search, numbered from 0 in the order in which they were asked for.
        """
        known = {one.number for one in self._tried}
        self._asked = 1 + max((one.number for one in tried), default=-1)
        self._zoom.forget(self._asked)
        self._zoom.tell([one for one in tried if one.number not in known and one.number not in self._waiting])
        self._waiting = {}
        for one in sorted(tried, key=lambda one: one.number):
            if one.number not in known:
                self._know(one)
        self._beyond = list(self._unknown)
        informed = any(one.number >= self._informed for one in self._tried)
        return bool(self.extended) and (bool(self._unknown) or not informed)

    def _know(self, one: Tried) -> None:
        """Take in the next trial, and look at the borders where it is time."""
        self._tried.append(one)
        if self._unknown:
            mark = key(one.values)
            self._unknown = [values for values in self._unknown if key(values) != mark]
            self._informed = self._asked
        count = len(self._tried)
        if count < self._due or count % LOOK_EVERY or 2 * len(self._unknown) > NUM_BEYOND:
            return
        if self._times == MOST_TIMES:
            return
        wider = extension(self.space, borders(self._tried, self.space, self._seed), self.extended)
        moved = [name for name in wider.names if wider[name] != self.space[name]]
        if moved:
            self._move(wider, moved)
        elif count >= NUM_LOOKS and not self._unknown:
            self._times = MOST_TIMES

    def _move(self, wider: Space, moved: Sequence[str]) -> None:
        """Go on in ``wider``, at first in the parts that are new, one range after the other."""
        share = -(-NUM_BEYOND // len(moved))
        points = QuasiRandom(wider, self._seed, min(share, WIDE_PACK))
        self._beyond = []
        for name in moved:
            first = len(self._tried) + len(self._beyond)
            new = partial(_inside, wider[name].distribution, self.space[name].distribution)
            for number in range(first, first + share):
                units = points.units(number)
                self._beyond.append(wider.values({**units, name: new(units[name])}))
        self._unknown = list(self._beyond)
        self._times += 1
        self.space, self.extended = wider, tuple(dict.fromkeys((*self.extended, *moved)))
        self._zoom.widen(wider)

    def phase(self, number: int) -> str:
        """Return the phase of trial ``number``, counted from 0."""
        return self._zoom.phase(number)


def _inside(wider: Distribution, before: Distribution, unit: float) -> float:
    """Return the unit of ``wider`` that lies in the part which ``before`` had not, at ``unit`` of that part."""
    on, was = (one.inner if isinstance(one, SometimesOff) else one for one in (wider, before))
    return float(wider.unit(beyond(was, on).value(unit)))
