"""Where the settings that a strategy proposes are trained: as packs of equal shape, rung by rung, folds together.

A strategy knows values and errors only; an engine recipes and packs only. Here one becomes the other. What the strategy
is told, and when, is counted in packs, never in time, so that one worker or two give the same search.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from practicum.core.estimates.rough import Doubt
from practicum.core.record import Record
from practicum.engine.plans.layout import grouped
from practicum.engine.plans.plan import Plan
from practicum.engine.race import Judge, race
from practicum.engine.result import Result
from practicum.recipe import Recipe
from practicum.training.pack import structure
from practicum.training.program import Task
from practicum.tuning.cuts import Cuts, as_then, shortened
from practicum.tuning.exam import Examine
from practicum.tuning.examined import Examined, Stop, nobody
from practicum.tuning.folded import Folded
from practicum.tuning.lengths import Lengths
from practicum.tuning.samplers.sampler import Sampler, Values
from practicum.tuning.setting import Curve, Setting, curves_of, tried_of
from practicum.tuning.trial import Tried

LAG = 4
"""A pack is asked for when all but so many of those before it are known: enough for each core to have one in hand."""


class Tasks(Protocol):
    """Gives the data that recipes ask for."""

    def tasks(self, recipes: Sequence[Recipe]) -> Sequence[Task]:
        """Return network and data of each of ``recipes``; those that can share a pack share the task."""

    def plan(self, recipes: Sequence[Recipe], trials: Sequence[int]) -> Plan:
        """Return the plan of a pack of ``recipes``, which can share one."""


@dataclass(slots=True)
class Limits:
    """When and how a race ends, and where it is kept.

    Attributes:
        starts_until: moment of :func:`time.monotonic` after which no pack is begun.
        deadline: moment at which all shall have ended.
        stop: asked whether to end, as Ctrl-C does.
        report: told which part is done.
        folder: of checkpoints, to go on from; none without it.
        data: a word on the data, compared when a race goes on.
        num_workers: packs trained side by side; one per core by default.
    """

    starts_until: float = math.inf
    deadline: float = math.inf
    stop: Callable[[], bool] = lambda: False
    report: Callable[[float], None] = lambda _: None
    folder: Path | None = None
    data: str = ""
    num_workers: int | None = None


@dataclass(slots=True)
class Arena:
    """Trains what a strategy proposes.

    Attributes:
        tasks: data by recipe.
        recipe_of: the recipe of values.
        lengths: of training.
        num_valid: validation rows.
        doubt: about validation errors.
        num_folds: trainings of each setting, 1 for a hold-out set.
        pack_size: settings asked for at once.
        num_alike: consecutive settings that a strategy gives the same shapes.
        seed: of all trainings [3.2-35].
        record: takes in all events.
        first_trial: number of the first training; the others follow.
        phase: that trials are told to belong to; empty lets the strategy say.
        cut: where the clock ended trainings of the run that is repeated, by number.
        only: numbers of the settings that were tried in the run that is repeated; without it, any.
        most_kept: settings whose weights are kept, the best; all without it.
        examine: looks at exams, where the lengths have any, and tells who is hopeless.
        known: who was stopped in the run that is repeated, by the setting's number; nobody is examined then.
        stopped: who was stopped by diagnosis, by the setting's number; filled as a race goes on.
    """

    tasks: Tasks
    recipe_of: Callable[[Values], Recipe]
    lengths: Lengths
    num_valid: int
    doubt: Doubt
    num_folds: int = 1
    pack_size: int = 16
    num_alike: int = 16
    seed: int = 0
    record: Record = field(default_factory=Record)
    first_trial: int = 0
    phase: str = ""
    cut: Cuts = field(default_factory=dict)
    only: Collection[int] | None = None
    most_kept: int | None = None
    examine: Examine | None = None
    known: Mapping[int, Stop] | None = None
    stopped: dict[int, Stop] = field(default_factory=dict)

    def run(
        self, sampler: Sampler, judge: Judge, num_settings: int, limits: Limits, first: int = 0
    ) -> Generator[list[Setting]]:
        """Train up to ``num_settings`` settings that ``sampler`` proposes and yield them pack by pack, in order.

        Args:
            sampler: proposes, and is told.
            judge: says at each rung who goes on; asked about settings (the mean over folds), not about trainings.
            num_settings: to try at most.
            limits: of time, and where to keep checkpoints.
            first: number of the first setting.
        """
        supply = Supply(self, sampler, num_settings, first)
        for number, results in race(
            supply.next_plan,
            rungs=lambda plan: self.lengths.mark_steps(plan.recipes[0]),
            judge=self._examined(Folded(judge, self.num_folds, self.first_trial), supply),
            lag=LAG,
            num_workers=limits.num_workers,
            folder=limits.folder,
            data=limits.data,
            record=self.record,
            starts_until=limits.starts_until,
            deadline=limits.deadline,
            report=limits.report,
            stop=limits.stop,
        ):
            yield supply.take(number, results)

    def _examined(self, judge: Judge, supply: Supply) -> Judge:
        """Return ``judge`` with exams between its rungs, where the lengths have any."""
        if not self.lengths.exams:
            return judge
        return Examined(
            judge,
            self.lengths,
            self.examine or nobody,
            self.record,
            supply.recipe,
            self.first_trial,
            self.num_folds,
            self.known,
            self.stopped,
        )

    def recipes(self, number: int, values: Values) -> list[Recipe]:
        """Return the recipes that try ``values`` as setting ``number``, one a fold."""
        recipe = self.recipe_of(values).changed(seed=self.seed)
        recipe = self.lengths.trained(recipe, self.num_valid)
        trials = [self.first_trial + number * self.num_folds + fold for fold in range(self.num_folds)]
        return [
            shortened(one, self.cut.get(trial))
            for trial, one in zip(trials, in_folds(recipe, self.num_folds), strict=True)
        ]


@dataclass(slots=True)
class _Open:
    """A setting that is being tried: its values, its recipes by fold, and what came out so far, by training."""

    number: int
    values: Values
    recipes: list[Recipe]
    results: dict[int, Result] = field(default_factory=dict)
    curves: dict[int, Curve] = field(default_factory=dict)


@dataclass(slots=True)
class Supply:
    """Asks the strategy, makes plans, and tells it what came out, counted in packs.

    The folds of a setting share a pack where they can; where their rows are prepared into inputs of other shapes (a
    rare level is missing, another number of components is kept) they are told when the last of them is known.
    """

    arena: Arena
    sampler: Sampler
    num_settings: int
    next_number: int
    waiting: deque[list[int]] = field(default_factory=deque)
    open: dict[int, _Open] = field(default_factory=dict)
    untold: deque[tuple[int, list[Tried]]] = field(default_factory=deque)
    first: int = 0
    end: int = 0

    def __post_init__(self) -> None:
        self.first, self.end = self.next_number, self.next_number + self.num_settings

    def next_plan(self, pack: int) -> Plan | None:
        """Return the plan of pack number ``pack``; ``None`` when enough was tried or nothing is left to try."""
        while self.untold and self.untold[0][0] <= pack - LAG:
            self.sampler.tell(self.untold.popleft()[1])
        if not self.waiting:
            self._ask()
        if not self.waiting or not self._tried_then(self._place(self.waiting[0][0])[0]):
            return None
        trials = self.waiting.popleft()
        places = [self._place(trial) for trial in trials]
        return self.arena.tasks.plan([self.open[number].recipes[fold] for number, fold in places], trials)

    def recipe(self, trial: int) -> Recipe:
        """Return the recipe of a training whose setting is being tried."""
        number, fold = self._place(trial)
        return self.open[number].recipes[fold]

    def take(self, pack: int, results: Sequence[Result]) -> list[Setting]:
        """Return what was tried in ``pack``, and keep it for the strategy."""
        curves = curves_of(self.arena.record, [result.trial for result in results])
        settings = []
        for result in results:
            number, _ = self._place(result.trial)
            one = self.open[number]
            one.results[result.trial] = as_then(result, self.arena.cut.get(result.trial))
            one.curves[result.trial] = curves.get(result.trial, ())
            if len(one.results) == self.arena.num_folds:
                del self.open[number]
                settings.append(self._setting(one))
        self.untold.append((pack, [setting.tried for setting in settings]))
        return settings

    def _setting(self, one: _Open) -> Setting:
        """Return what was tried, all its folds being known."""
        trials = sorted(one.results)
        results = tuple(self._told(one, one.results[trial]) for trial in trials)
        curves = [one.curves[trial] for trial in trials]
        phase = self._phase(one.number)
        tried = tried_of(one.number, one.values, results, self.arena.doubt, curves, phase)
        return Setting(tried, one.recipes[0], results)

    def _told(self, one: _Open, result: Result) -> Result:
        """Return ``result`` with why a diagnosis stopped it, if one did; one past its best was ended, not given up."""
        stop = self.arena.stopped.get(one.number)
        if stop is None or result.status != "halted":
            return result
        return replace(result, reason=stop.reason, status="patience" if stop.over else "halted")

    def _place(self, trial: int) -> tuple[int, int]:
        """Return setting and fold of a training."""
        return divmod(trial - self.arena.first_trial, self.arena.num_folds)

    def _tried_then(self, number: int) -> bool:
        """Return whether setting ``number`` is wanted: of a run that is repeated, only what it tried."""
        return self.arena.only is None or number in self.arena.only

    def _phase(self, number: int) -> str:
        """Return the phase of setting ``number``: a strategy with phases says which."""
        name_of = getattr(self.sampler, "phase", None)
        if self.arena.phase or name_of is None:
            return self.arena.phase or "wide"
        return str(name_of(number - self.first))

    def _ask(self) -> None:
        """Ask for a batch and divide it into packs of equal shape."""
        count = min(self.arena.pack_size, self.end - self.next_number)
        asked = self.sampler.ask(count) if count > 0 else []
        if not asked:
            return
        batch = [
            _Open(number, values, self.arena.recipes(number, values))
            for number, values in enumerate(asked, self.next_number)
        ]
        first = self.arena.first_trial + self.next_number * self.arena.num_folds
        self.open |= {one.number: one for one in batch}
        self.next_number += len(batch)
        recipes = [recipe for one in batch for recipe in one.recipes]
        self.waiting.extend([first + k for k in group] for group in packable(recipes, self.arena.tasks))


def in_folds(recipe: Recipe, num_folds: int) -> list[Recipe]:
    """Return ``recipe`` for each fold; on rows held out where there is but one part."""
    if num_folds == 1:
        return [recipe if recipe.num_folds is None else recipe.changed(num_folds=None, fold=0)]
    return [recipe.changed(num_folds=num_folds, fold=fold) for fold in range(num_folds)]


def packable(recipes: Sequence[Recipe], tasks: Tasks) -> list[list[int]]:
    """Return which of ``recipes`` can be trained as one pack: positions, in order of first appearance."""
    found = tasks.tasks(recipes)
    keys = [(id(task), structure(recipe, task)) for recipe, task in zip(recipes, found, strict=True)]
    return grouped(keys)
