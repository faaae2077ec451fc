"""The chapter's procedure as one function: search wide, widen where the border says so, and give up only with a reason.

Source: Bengio 2012, 3.3-03 (border rule), 3.3-10 and 3.3-13 (finer and finer), 3.4-05 (when to stop).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from practicum.core.errors import DivergedError
from practicum.recipe.space import Log, Space
from practicum.training.pack import MIN_VALIDATE_STEPS
from practicum.tuning.analysis.border import borders, extension
from practicum.tuning.analysis.outlook import flat
from practicum.tuning.analysis.positions import numbers_of
from practicum.tuning.arena import Arena, Limits
from practicum.tuning.batch_size import BatchSizes
from practicum.tuning.cuts import ending_after
from practicum.tuning.effort import Effort
from practicum.tuning.examined import Stop
from practicum.tuning.finals import Finalist
from practicum.tuning.halving import Halving, Verdicts
from practicum.tuning.lengths import REDUCTION
from practicum.tuning.samplers.sampler import Sampler
from practicum.tuning.samplers.table import make_sampler
from practicum.tuning.samplers.widening import MOST_TIMES, Widening
from practicum.tuning.samplers.zoom import NUM_WIDE, ROUND_SIZE
from practicum.tuning.search import Found, search
from practicum.tuning.setting import Setting
from practicum.tuning.small_grid import SmallGrid
from practicum.tuning.trial import Tried

WIDER = 1e-3
"""Where every setting diverged, rates down to so many times the lowest are tried once."""

RATE = "learning_rate"

EXTENDED = "extended"
"""What is tried beyond a border, and where everything diverged; a further one has a number."""

SHORT = "short"
"""What is tried where the time was over before anything was validated: the least there can be."""

NUM_SHORT = 4

ENDS = {
    "all tried": "all settings that were planned were tried",
    "time": "its share of the time was over",
    "flat": "trying more would not have paid",
    "interrupted": "Ctrl-C",
}
"""Why a search ended, for people."""

Listener = Callable[[Space, list[Setting]], None]
"""Told which space settings were taken from, and what became of them."""


@dataclass(slots=True)
class Hunt:
    """What the whole search gave.

    Attributes:
        found: all settings, in the order of their numbers.
        space: as it was at the end, perhaps widened.
        extended: names of the entries whose range was extended.
        halted: at which rung each setting was given up, by its number.
        stopped: what was stopped by diagnosis, at which exam and why, by the setting's number.
        batch_sizes: what batch sizes reached at equal time, where they were compared.
        grid: the small grid around the winner, where it was asked for.
        beside: trainings of these two.
    """

    found: Found
    space: Space
    extended: tuple[str, ...] = ()
    halted: dict[int, int] = field(default_factory=dict)
    stopped: dict[int, Stop] = field(default_factory=dict)
    batch_sizes: BatchSizes | None = None
    grid: SmallGrid | None = None
    beside: list[Finalist] = field(default_factory=list)

    @property
    def extended_texts(self) -> list[str]:
        """A sentence for each range that was extended."""
        texts = []
        for name in self.extended:
            numbers = numbers_of(self.space[name])
            assert numbers is not None
            low, *_, high = numbers.ends
            texts.append(f"The search went beyond the range of `{name}`, to {low:.4g} … {high:.4g} [3.3-03].")
        return texts

    @property
    def end_text(self) -> str:
        """Why the search ended, what that saved, and how much was tried beyond the number that was planned."""
        text = ENDS[self.found.end]
        beyond = sum(setting.tried.phase.startswith(EXTENDED) for setting in self.found.settings)
        text += f"; {self.found.saved} settings were saved" if self.found.saved else ""
        return text + (f"; {beyond} more were tried beyond a range" if beyond else "")


def hunt(
    arena: Arena,
    effort: Effort,
    limits: Callable[[str], Limits],
    enter: Callable[[str, int], None],
    listen: Listener = lambda _, __: None,
) -> Hunt:
    """Search the effort's space and return all that was tried.

    Args:
        arena: trains.
        effort: which space, by which strategy, how many settings; of a run that is repeated, in which phases.
        limits: of a phase, by its name.
        enter: told that a phase begins, and how many settings it may try.
        listen: told of each pack, and which space it was taken from.

    Raises:
        DivergedError: if everything diverged, at lower rates too.
        KeyboardInterrupt: if Ctrl-C came before anything was reached.
    """
    course = _Course(arena, effort, limits, enter, listen)
    course.search()
    found = course.result.found
    if not found.ranked and found.end != "interrupted" and not any(one.diverged for one in found.tried):
        course.do_the_least()
        found = course.result.found
    if not found.ranked and found.end != "interrupted":
        course.look_lower()
    elif found.ranked:
        course.look_beyond()
    _check_some_finite(course.result)
    return course.result


def _never(tried: Sequence[Tried]) -> bool:
    return False


class _Course:
    """The phases of one search."""

    def __init__(
        self,
        arena: Arena,
        effort: Effort,
        limits: Callable[[str], Limits],
        enter: Callable[[str, int], None],
        listen: Listener,
    ) -> None:
        self._arena, self._effort = arena, effort
        self._limits, self._enter, self._listen = limits, enter, listen
        self.result = Hunt(Found(), effort.space)
        self._zoom: Widening | None = None

    def search(self) -> None:
        """Try what the strategy proposes, until more would not pay."""
        effort, space = self._effort, self._effort.space
        arena, count = self._arena, effort.lengths.num_trials
        proposer = make_sampler(effort.sampler, space, arena.seed, arena.num_alike, count)
        stops = effort.may_stop and not effort.phases
        self._try("search", space, proposer, count, self._enough if stops else _never)
        if isinstance(proposer, Widening):
            self._zoom = proposer
            self.result.space, self.result.extended = proposer.space, proposer.extended

    def _enough(self, tried: Sequence[Tried]) -> bool:
        """Return whether more would not pay; asked only when the wide trials have been followed by a zoom."""
        return len(tried) >= NUM_WIDE + ROUND_SIZE and flat(tried)

    def do_the_least(self) -> None:
        """Where the time was over before a validation, train a few until their first: better than nothing."""
        arena, effort = self._arena, self._effort
        proposer = make_sampler("quasi-random", effort.space, arena.seed, arena.num_alike)
        self._try(SHORT, effort.space, proposer, NUM_SHORT)

    def look_lower(self) -> None:
        """Where everything diverged, try a pack of lower rates, if rates are searched at all."""
        lower = _lower_rates(self._effort.space)
        if lower is not None:
            self._extend(lower, (RATE,))

    def look_beyond(self) -> None:
        """Where the best lies at a border, try a pack beyond it [3.3-03]."""
        if self._zoom is not None:
            self._go_on(self._zoom)
            return
        space = self._effort.space
        if not self._goes_on(EXTENDED):
            return
        wider = extension(space, borders(self.result.found.tried, space))
        changed = tuple(name for name in space.names if wider[name] != space[name])
        if changed:
            self._extend(wider, changed)

    def _go_on(self, zoom: Widening) -> None:
        """Try further packs as long as the last trials move a border; a zoom has moved others on its way."""
        for number in range(1, MOST_TIMES + 1):
            phase = EXTENDED if number == 1 else f"{EXTENDED} {number}"
            if not self._goes_on(phase) or not zoom.tell_rest(self.result.found.tried):
                return
            self._try(phase, zoom.space, zoom, self._effort.pack_size)
            self.result.space, self.result.extended = zoom.space, zoom.extended

    def _goes_on(self, phase: str) -> bool:
        """Return whether ``phase`` may begin: the search has not been ended, and a run that is repeated had it."""
        again = self._effort.phases
        return self.result.found.end in ("all tried", "flat") and (not again or phase in again)

    def _extend(self, space: Space, names: tuple[str, ...]) -> None:
        arena, count = self._arena, self._effort.pack_size
        self._try(EXTENDED, space, make_sampler("quasi-random", space, arena.seed, arena.num_alike), count)
        self.result.space, self.result.extended = space, names

    def _try(
        self,
        phase: str,
        space: Space,
        proposer: Sampler,
        count: int,
        enough: Callable[[Sequence[Tried]], bool] = _never,
    ) -> None:
        """Add up to ``count`` settings of ``phase`` to the result; of a run that is repeated, those it tried."""
        again = self._effort.phases
        if again and phase not in again:
            return
        self._enter(phase, count)
        before, limits = self.result.found, self._limits(phase)
        told = {"search": "", SHORT: f"wide {SHORT}"}.get(phase, phase)
        here = replace(self._arena, recipe_of=space.recipe, phase=told, only=again.get(phase), stopped={})
        if phase == SHORT:
            limits = replace(limits, starts_until=math.inf, deadline=math.inf, folder=None)
            here.recipe_of = lambda values: ending_after(space.recipe(values), MIN_VALIDATE_STEPS)
        first = 1 + max((setting.tried.number for setting in before.settings), default=-1)
        here.record.forget(here.first_trial + first * here.num_folds)
        judge = Verdicts(Halving(REDUCTION), self._effort.halted)
        part = search(
            here,
            proposer,
            judge,
            count,
            limits,
            first=first,
            enough=enough,
            listen=lambda settings: self._listen(getattr(proposer, "space", space), settings),
        )
        tried = {setting.tried.number for setting in part.settings}  # a search that was flat had begun more
        stopped = {number: stop for number, stop in sorted(here.stopped.items()) if number in tried}
        self.result.stopped |= stopped
        self.result.halted |= {number: rung for number, rung in judge.halted.items() if number not in stopped}
        late = phase == SHORT or (not part.settings and math.isfinite(limits.deadline))
        end = "time" if late and part.end == "all tried" else part.end
        self.result.found = Found(before.settings + part.settings, end, before.saved + part.saved)


def _lower_rates(space: Space) -> Space | None:
    """Return the space of the rates below, or ``None`` if the rate is not varied on a log scale."""
    known = space[RATE].distribution if RATE in space.names else None
    if not isinstance(known, Log):
        return None
    low = known.low
    return space.replaced(RATE, Log(low * WIDER, low))


def _check_some_finite(result: Hunt) -> None:
    if result.found.ranked:
        return
    if result.found.end == "interrupted":
        raise KeyboardInterrupt
    rates = sorted({setting.recipe.learning_rate for setting in result.found.settings})
    shown = ", ".join(f"{rate:.3g}" for rate in rates[:3]) + (f" … {rates[-1]:.3g}" if len(rates) > 3 else "")
    raise DivergedError(
        f"At least one trial must reach a finite validation error, but all {len(result.found.settings)} diverged "
        f"(learning rates {shown}). Check the inputs for extreme values, or give a recipe with a smaller learning "
        "rate.",
        rates=tuple(rate for rate in rates if math.isfinite(rate)),
    )
