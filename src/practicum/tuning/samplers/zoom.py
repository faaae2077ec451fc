"""The chapter's search: quasi-random over the wide space first, then finer and finer around the few best.

After the wide trials, each round draws many points from boxes around the best trials and asks a small surrogate which
of them promise the most. Boxes shrink from round to round; the wide trials are never thrown away.
Source: Bengio 2012, 3.3-10, 3.3-13. The surrogate is after the chapter; the boxes' size and the number of wide trials
are measured in `benchmarks/lcbench.py` and `benchmarks/hpo_tables.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Space
from practicum.tuning.samplers.cube import Array, Cube
from practicum.tuning.samplers.levels import key
from practicum.tuning.samplers.quasi_random import QuasiRandom, shared_names
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.samplers.surrogate import Surrogate, targets
from practicum.tuning.trial import Tried

NUM_WIDE, NUM_WIDE_PACKED = 16, 32
"""Trials over the whole space before the first zoom; more where the trials of a pack share their structure, so that
some structures are seen."""

WIDE_PACK = 4
"""Wide trials share their structure in packs of at most this size: too few structures cost more than packs save."""

ROUND_SIZE = 16
"""Trials of one zoom."""

NUM_CENTRES = 3
"""Best trials around which boxes are drawn; the best of all has half of the points."""

FIRST_WIDTH, SHRINK, LAST_WIDTH = 0.8, 0.9, 0.05
"""Widths of boxes, in units of the whole range: of the first zoom, from zoom to zoom, and the least."""

NUM_CANDIDATES = 384
"""Points that the surrogate chooses from, for one pack."""

MOST_KNOWN = 200
"""Trials that the surrogate looks at, the best ones: its time grows with their third power."""


class Zoom:
    """Proposes wide trials, then trials from boxes around the best, chosen by a surrogate.

    The trials of a pack share their structure, as :class:`QuasiRandom` has it. What trial i is depends on the outcomes
    told before it was asked for, not on how many will follow. A trial that was halted counts with the error it had.

    Args:
        space: what to search.
        seed: of the search.
        pack_size: consecutive trials of the same structure, of wide ones at most :data:`WIDE_PACK`; 1 where sharing
            saves nothing.
        num_wide: trials over the whole space before the first zoom, rounded up to whole packs; by default
            :data:`NUM_WIDE`, or :data:`NUM_WIDE_PACKED` where trials share their structure.
        round_size: trials of one zoom.
        num_centres: best trials around which boxes are drawn.

    Raises:
        ConfigError: if a number is below 1.

    Source:
        Bengio 2012, 3.3-10, 3.3-13.
        NOTE[DIFF]: of the points in a box those are tried that a Gaussian process finds promising.

    Example:
        >>> from practicum.recipe.space import Space
        >>> zoom = Zoom(Space.preset("small"), seed=0, pack_size=8, num_wide=8, round_size=8)
        >>> for number in range(2):
        ...     trials = zoom.ask(8)
        ...     errors = [abs(values["learning_rate"] - 0.01) for values in trials]
        ...     zoom.tell([Tried(8 * number + i, trials[i], errors[i]) for i in range(8)])
        >>> zoom.phase(7), zoom.phase(8), zoom.phase(17)
        ('wide', 'zoom 1', 'zoom 2')
    """

    def __init__(
        self,
        space: Space,
        seed: int,
        pack_size: int = 1,
        *,
        num_wide: int | None = None,
        round_size: int = ROUND_SIZE,
        num_centres: int = NUM_CENTRES,
    ) -> None:
        if num_wide is None:
            num_wide = NUM_WIDE_PACKED if pack_size > 1 and shared_names(space) else NUM_WIDE
        numbers = {"num_wide": num_wide, "round_size": round_size, "num_centres": num_centres}
        for name, number in numbers.items():
            if number < 1:
                raise ConfigError(f"`{name}` must be ≥ 1, but got {name}={number}.", **{name: number})
        self._wide = QuasiRandom(space, seed, min(pack_size, WIDE_PACK))
        self._space, self._cube, self._shared = space, Cube(space), shared_names(space)
        self._seed, self._pack_size = seed, pack_size
        self._num_wide = -(-num_wide // pack_size) * pack_size
        self._round_size, self._num_centres = round_size, num_centres
        self._next = 0
        self._running: list[Values] = []
        self._tried: list[Tried] = []
        self._points: list[Array | None] = []
        self._best: list[Array] | None = None
        self._surrogate: Surrogate | None = None
        self._structure: Array | None = None

    def ask(self, count: int) -> list[Values]:
        """Return the values of the next ``count`` trials; there are always more."""
        asked: list[Values] = []
        while len(asked) < count:
            left = count - len(asked)
            if self._next < self._num_wide or not self._centres():
                new = self._wide.ask(min(left, max(1, self._num_wide - self._next)))
            else:
                new = self._zoomed(min(left, self._pack_left()))
            self._next += len(new)
            self._running += new
            asked += new
        return asked

    def expect(self, some: Sequence[Values]) -> None:
        """Take trials that were proposed elsewhere as under way: others keep away from them."""
        self._running += some
        if some:
            self._surrogate = None

    def forget(self, count: int) -> None:
        """Go on as after ``count`` trials: what else was asked for will never be told."""
        self._next, self._running = count, []
        self._wide = QuasiRandom(self._space, self._seed, min(self._pack_size, WIDE_PACK), first=count)
        self._surrogate = self._structure = None

    def tell(self, tried: Sequence[Tried]) -> None:
        """Take in outcomes, also of trials that were not asked for here; those outside the space are passed over."""
        self._tried += tried
        self._points += [self._cube.point(one.values) for one in tried]
        self._surrogate = self._best = None
        told = [key(one.values) for one in tried]
        for values in list(self._running):
            if key(values) in told:
                told.remove(key(values))
                self._running.remove(values)

    def phase(self, number: int) -> str:
        """Return the phase of trial ``number``: "wide", "zoom 1", "zoom 2" and so on."""
        return "wide" if number < self._num_wide else f"zoom {self._round(number) + 1}"

    @property
    def num_wide(self) -> int:
        """Trials over the whole space before the first zoom, whole packs."""
        return self._num_wide

    @property
    def round_size(self) -> int:
        """Trials of one zoom."""
        return self._round_size

    def boxes(self) -> list[Space]:
        """Return the parts of the space that the next trial may come from, one around each of the best; none at first.

        They are what a study of a zoom stores as its space. The part around a trial always has that trial.
        """
        width = self._width(self._next)
        return [self._cube.part(self._cube.box(centre, width)) for centre in self._centres()]

    def widen(self, space: Space) -> None:
        """Go on in another space of the same entries, such as one that was extended over a border [3.3-03].

        What was tried stays known, as far as the new space has it.

        Raises:
            ConfigError: if the entries' names differ.
        """
        if space.names != self._cube.names:
            raise ConfigError(
                f"`space` must have the entries {', '.join(self._cube.names)}, but got {', '.join(space.names)}. "
                "Start a new search for other entries.",
                space=space.names,
            )
        self._space, self._cube, self._shared = space, Cube(space), shared_names(space)
        self._wide = QuasiRandom(space, self._seed, min(self._pack_size, WIDE_PACK), first=self._next)
        self._points = [self._cube.point(one.values) for one in self._tried]
        self._surrogate = self._best = self._structure = None

    def _round(self, number: int) -> int:
        """Return the zoom of trial ``number``, from 0."""
        return max(0, number - self._num_wide) // self._round_size

    def _width(self, number: int) -> float:
        """Return the width of the boxes of trial ``number``."""
        return float(max(LAST_WIDTH, FIRST_WIDTH * SHRINK ** self._round(number)))

    def _pack_left(self) -> int:
        """Return how many trials may be proposed together: to the end of the pack, or of the round."""
        if self._packed:
            return self._pack_size - self._next % self._pack_size
        return self._round_size - (self._next - self._num_wide) % self._round_size

    @property
    def _packed(self) -> bool:
        """Whether packs share anything."""
        return self._pack_size > 1 and bool(self._shared)

    def _known(self) -> tuple[Array, list[float]]:
        """Return points and errors of the best trials, best first; what diverged comes last."""
        pairs = [
            (*_rank(one), point)
            for one, point in zip(self._tried, self._points, strict=True)
            if point is not None
        ]
        ranked = sorted(pairs, key=lambda pair: pair[:3])[:MOST_KNOWN]
        return np.array([point for *_, point in ranked]), [error for error, *_ in ranked]

    def _centres(self) -> list[Array]:
        """Return the points of the best trials, each once."""
        if self._best is None:
            points, errors = self._known()
            finite = points[: sum(map(math.isfinite, errors))]
            marked = dict(zip(_marks(finite), finite, strict=True))
            self._best = list(marked.values())[: self._num_centres]
        return self._best

    def _zoomed(self, count: int) -> list[Values]:
        """Return the values of ``count`` trials of one round and one pack."""
        surrogate = self._surrogate = self._surrogate or self._fitted()
        generator = stream(self._seed, "sampler/zoom", self._next)
        candidates = self._fresh(self._candidates(generator), 1 if self._packed else count)
        if self._packed:
            axes = [self._cube.names.index(name) for name in self._shared]
            if self._structure is None or self._next % self._pack_size == 0:
                self._structure = candidates[surrogate.choose(candidates, 1)[0], axes]
            candidates = self._fresh(self._candidates(generator, axes, self._structure), count)
        chosen = candidates[surrogate.choose(candidates, count)]
        surrogate.believe(chosen)
        return [self._cube.values(point) for point in chosen]

    def _fitted(self) -> Surrogate:
        """Return what is believed after all that was told, and while some trials are under way."""
        points, errors = self._known()
        surrogate = Surrogate(self._cube.squares, points, targets(errors))
        running = [self._cube.point(values) for values in self._running]
        surrogate.believe(np.array([point for point in running if point is not None]))
        return surrogate

    def _candidates(
        self, generator: np.random.Generator, axes: Sequence[int] = (), units: Array | None = None
    ) -> Array:
        """Return points of the boxes; half of them around the best, the others around the rest of the centres.

        Args:
            generator: of the points.
            axes: which are given.
            units: of those.
        """
        centres, width = self._centres(), self._width(self._next)
        draws, changes, moves = generator.random((3, NUM_CANDIDATES, len(self._cube.names)))
        owners = np.arange(NUM_CANDIDATES) % (2 * max(1, len(centres) - 1))
        owners = np.where(owners < len(centres) - 1, owners + 1, 0)
        points: Array = np.empty_like(draws)
        for owner, centre in enumerate(centres):
            mine = owners == owner
            points[mine] = self._cube.around(centre, width, draws[mine], changes[mine], moves[mine])
        if units is not None:
            points[:, axes] = units
            return self._cube.snapped(np.where(np.isnan(points), draws, points))
        return points

    def _fresh(self, candidates: Array, count: int) -> Array:
        """Return candidates that were not tried before, each once; all of them where fewer than ``count`` are new."""
        points = [*self._points, *(self._cube.point(values) for values in self._running)]
        seen = set(_marks(np.array([point for point in points if point is not None])))
        kept: dict[bytes, Array] = {}
        for mark, candidate in zip(_marks(candidates), candidates, strict=True):
            if mark not in seen:
                kept.setdefault(mark, candidate)
        return np.array(list(kept.values())) if len(kept) >= count else candidates


def _rank(one: Tried) -> tuple[float, float, int]:
    """Return error, loss and number: of two that make the same errors the one of lower loss is better."""
    usable = math.isfinite(one.error) and not one.diverged
    return one.error if usable else math.inf, one.loss if math.isfinite(one.loss) else math.inf, one.number


def _marks(points: Array) -> list[bytes]:
    """Return what tells points apart, rounding aside."""
    rounded: Array = np.nan_to_num(points, nan=-1).round(9)
    return [row.tobytes() for row in rounded]
