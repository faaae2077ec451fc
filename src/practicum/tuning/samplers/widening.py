"""The border rule at work: a search whose best lies at an end of a range goes on in a wider one [3.3-03]."""

from __future__ import annotations

from collections.abc import Sequence

from practicum.recipe.space import Space
from practicum.tuning.analysis.border import borders, extension
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.samplers.zoom import Zoom
from practicum.tuning.trial import Tried

MOST_TIMES = 2
"""So often a range is extended; what lies further out is said, not searched."""


class Widening:
    """A zoom that looks at the borders when the wide trials are known, and again after each extension's round.

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
        self._times, self._due = 0, zoom.num_wide

    def ask(self, count: int) -> list[Values]:
        """Return the values of the next ``count`` trials."""
        return self._zoom.ask(count)

    def tell(self, tried: Sequence[Tried]) -> None:
        """Take in finished trials; move a border where they say so."""
        self._zoom.tell(tried)
        self._tried += tried
        if self._times == MOST_TIMES or len(self._tried) < self._due:
            return
        wider = extension(self.space, borders(self._tried, self.space, self._seed))
        moved = tuple(name for name in wider.names if wider[name] != self.space[name])
        if not moved:
            self._times = MOST_TIMES  # what was inside at first is not pushed out by the zooms
            return
        self._times += 1
        self._due = len(self._tried) + self._zoom.round_size
        self.space, self.extended = wider, tuple(dict.fromkeys((*self.extended, *moved)))
        self._zoom.widen(wider)

    def phase(self, number: int) -> str:
        """Return the phase of trial ``number``, counted from 0."""
        return self._zoom.phase(number)
