"""The training of one search, whatever is trained: numbers the trials, keeps the time, collects what they reached."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from practicum.core.errors import DivergedError
from practicum.core.estimates.rough import Doubt
from practicum.core.record import Record
from practicum.engine.clock import Clock
from practicum.engine.interrupt import Interrupts
from practicum.engine.result import Result
from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.training.pack import MIN_VALIDATE_STEPS
from practicum.tuning.arena import Arena, Limits, Tasks, in_folds
from practicum.tuning.cuts import FINALS, ending_after, never_begun
from practicum.tuning.effort import SEARCH_SHARE, Effort, repeated
from practicum.tuning.exam import Examine
from practicum.tuning.finals import LARGEST_PACK, Asked, Finalist, train_finalists
from practicum.tuning.procedure import Hunt, hunt
from practicum.tuning.setting import Setting
from practicum.tuning.shortlist import entering, shortlist
from practicum.tuning.study import Store

PASSED = {
    "batch_size": (SEARCH_SHARE, 0.0),
    "seeds": (SEARCH_SHARE, 1 - SEARCH_SHARE),
    "recipe": (0.0, 1.0),
    "grid": (1.0, 0.0),
}
"""Part of the work that is done when a phase begins, and its own part; nobody knows how much the others are."""


class Keeper(Protocol):
    """Keeps what is needed to go on after a kill.

    Attributes:
        decisions: what was decided before it, or ``None``.
    """

    decisions: Mapping[str, Any] | None

    def decide(self, decisions: Mapping[str, Any]) -> None:
        """Write down what was decided, before anything depends on it."""

    def folder(self, phase: str) -> Path:
        """Return where the checkpoints of ``phase`` lie."""


@dataclass(slots=True)
class Work:
    """What is trained, by when, and all that came out so far.

    Attributes:
        tasks: data by recipe.
        num_valid: validation rows.
        doubt: about validation errors.
        clock: the budget, running.
        interrupts: listens for Ctrl-C.
        seed: of the search, and of the first training of each finalist.
        num_workers: packs trained side by side; one per core by default.
        keeper: keeps what is needed to go on after a kill; nothing is kept without it.
        store: is told of every finished setting.
        data: a word on the data, compared when a search goes on.
        most_kept: settings whose weights are kept, the best; all without it.
        largest_pack: trainings of one pack of the finals, at most.
        examine: looks at exams, where the effort has any, and tells the search who is hopeless.
        record: all that was measured.
        results: of all trainings that were begun.
        phases: name of the phase of each training, by number.
        effort: how much may be done, once that is decided.
    """

    tasks: Tasks
    num_valid: int
    doubt: Doubt
    clock: Clock
    interrupts: Interrupts
    seed: int = 0
    num_workers: int | None = None
    keeper: Keeper | None = None
    store: Store | None = None
    data: str = ""
    most_kept: int | None = None
    largest_pack: int = LARGEST_PACK
    examine: Examine | None = None
    record: Record = field(default_factory=Record)
    results: list[Result] = field(default_factory=list)
    phases: dict[int, str] = field(default_factory=dict)
    effort: Effort | None = None
    _num_trainings: int = 1
    _next_trial: int = 0
    _is_late: bool = False

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self.interrupts.asked

    def decide(self, fresh: Callable[[], Effort]) -> Effort:
        """Return what was decided before a kill, or else what ``fresh`` decides."""
        self.clock.enter("measuring")
        kept = self.keeper
        if kept is not None and kept.decisions is not None:
            effort = repeated(kept.decisions)
            if math.isfinite(self.clock.training_ends):
                over = bool(effort.entering)  # what the search had begun stands as its checkpoints have it
                ends = time.monotonic() if over else self.clock.share(SEARCH_SHARE * effort.aside.left)
                effort = replace(effort, search_ends=ends)
            self.effort = effort
            return effort
        return self.decided(fresh())

    def decided(self, effort: Effort) -> Effort:
        """Write ``effort`` down before anything depends on it, and return it."""
        self.effort = effort
        if self.keeper is not None:
            self.keeper.decide(effort.as_plain())
        return effort

    def search(self, effort: Effort) -> Hunt:
        """Search the effort's space.

        Raises:
            DivergedError: if everything diverged.
            KeyboardInterrupt: if Ctrl-C came before anything was reached.
        """
        arena = Arena(
            tasks=self.tasks,
            recipe_of=effort.space.recipe,
            lengths=effort.lengths,
            num_valid=self.num_valid,
            doubt=self.doubt,
            num_folds=effort.num_folds,
            pack_size=effort.pack_size,
            num_alike=effort.num_alike,
            seed=self.seed,
            record=self.record,
            cut=effort.cut,
            most_kept=self.most_kept,
            examine=self.examine,
            known=effort.stopped,
        )
        return hunt(arena, effort, self._limits, self._enter, self._listen)

    def searched(self, effort: Effort, hunted: Hunt) -> Effort:
        """Return the effort with who enters the finals, written down: the search is over, also after a kill."""
        if self.interrupted or effort.entering:
            return effort
        numbers = tuple(setting.tried.number for setting in entering(effort, hunted))
        return self.decided(replace(effort, entering=numbers))

    def finals_of(self, effort: Effort, hunted: Hunt) -> list[Finalist]:
        """Train the best few settings on all seeds and return them, the best first.

        After Ctrl-C, and where all of them fail, it is the best so far, as the search trained it.
        """
        best = hunted.found.best
        assert best is not None
        found: list[Finalist] = []
        if not self.interrupted:
            found = self._trained(effort, shortlist(effort, hunted, self.num_valid))
        return found or [Finalist(best.tried.number, dict(best.tried.values), best.recipe, (best.results,))]

    def finals_of_recipe(self, effort: Effort, recipe: Recipe) -> list[Finalist]:
        """Train a recipe that was given on all seeds.

        Raises:
            DivergedError: if none reached a finite error.
            KeyboardInterrupt: if Ctrl-C came before one did.
        """
        trained = effort.lengths.trained(recipe, self.num_valid, final=True)
        found = self._trained(effort, [Asked(-1, {}, in_folds(trained, effort.num_folds))])
        if not found and not self.interrupted and all(result.status == "budget" for result in self.results):
            self._is_late = True
            trained = ending_after(trained, MIN_VALIDATE_STEPS)
            found = self._trained(effort, [Asked(-1, {}, in_folds(trained, effort.num_folds))])
        if not found and self.interrupted:
            raise KeyboardInterrupt
        if not found:
            raise DivergedError(
                "At least one trial must reach a finite validation error, but all diverged (learning rates "
                f"{recipe.learning_rate:g}). Check the inputs for extreme values, or give a recipe with a smaller "
                "learning rate.",
                rates=(recipe.learning_rate,),
            )
        return found

    def finals_end(self, effort: Effort) -> float:
        """Return the moment at which the finals must be over."""
        if not effort.aside.grid:
            return self.clock.training_ends
        finals = (1 - SEARCH_SHARE) * effort.aside.left
        return self.clock.share(finals / (finals + effort.aside.grid))

    def _trained(self, effort: Effort, asked: Sequence[Asked]) -> list[Finalist]:
        """Train each of ``asked`` on all seeds and return those that reached anything, the best first."""
        phase = "recipe" if asked[0].number < 0 else FINALS
        found = self.train(phase, effort, asked, effort.num_seeds, self.finals_end(effort))
        return sorted((one for one in found if np.isfinite(one.errors).any()), key=lambda one: one.rank)

    def train(
        self, phase: str, effort: Effort, asked: Sequence[Asked], num_seeds: int, moment: float
    ) -> list[Finalist]:
        """Train each of ``asked`` on so many seeds and return what came out, in the same order.

        Args:
            phase: that the trainings belong to.
            effort: with what time decided in a run that is repeated.
            asked: what to train.
            num_seeds: from the first on.
            moment: of :func:`time.monotonic` at which all must be over.
        """
        seeds = [self.seed + k for k in range(num_seeds)]
        self._enter(phase, len(asked) * len(seeds))
        first = 1 + max((result.trial for result in self.results), default=-1)
        first = max(first, self._next_trial)  # one that was never begun keeps its number to itself
        self._next_trial = first + len(asked) * len(seeds) * effort.num_folds
        self.record.forget(first)  # a search that was flat had begun more than it told
        cut, begun = effort.cut, effort.phases.get(phase)
        if begun is not None:
            cut = never_begun(cut, range(first, self._next_trial), begun)
        found = train_finalists(
            asked,
            seeds,
            self.tasks,
            self._limits(phase, moment),
            self.record,
            first,
            cut,
            self.largest_pack,
        )
        for finalist in found:
            for folds in finalist.results:
                self._keep(phase, folds)
        return found

    def _listen(self, space: Space, settings: Sequence[Setting]) -> None:
        """Take in a pack's settings."""
        for setting in settings:
            self._keep(setting.tried.phase.split()[0], setting.results)
        if self.store is not None:
            self.store.add([setting.tried for setting in settings], space)

    def _keep(self, phase: str, results: Sequence[Result]) -> None:
        begun = [result for result in results if result.num_steps]
        if self.most_kept is not None:  # else all weights would live as long as this list
            begun = [replace(result, weights={}) for result in begun]
        self.results += begun
        self.phases |= {result.trial: phase for result in begun}

    def _enter(self, phase: str, count: int) -> None:
        num_folds = 1 if self.effort is None else self.effort.num_folds
        self._num_trainings = count * num_folds
        self.clock.enter(phase, f"{count} trials")

    def _limits(self, phase: str, moment: float | None = None) -> Limits:
        """Return when ``phase`` must end; without a moment, when the search must, which leaves time for the finals."""
        if moment is None:
            moment = math.inf if self.effort is None else self.effort.search_ends
        kept = self.keeper
        if self._is_late:  # the least that can be done, whatever the time; as soon done again as read back
            moment, kept = math.inf, None
        begins, share = PASSED.get(phase, (0.0, SEARCH_SHARE))
        total = self._num_trainings

        def report(done: float) -> None:
            self.clock.say(f"{done:.0f} of {total} trials", begins + share * min(1.0, done / total))

        return Limits(
            starts_until=moment,
            deadline=moment,
            stop=lambda: self.interrupts.asked,
            report=report,
            folder=None if kept is None else kept.folder(phase),
            data=self.data,
            num_workers=self.num_workers,
        )
