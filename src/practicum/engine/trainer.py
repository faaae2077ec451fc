"""Trains one phase after another on one set of data: numbers the trials, keeps the time, collects what they reached."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from time import monotonic

import torch

from practicum.core.record import Record
from practicum.core.shapes import padded
from practicum.data.key import DataKey
from practicum.data.pipeline import Prepared
from practicum.data.preparations import Preparations, PreparedFold
from practicum.engine.clock import Clock
from practicum.engine.interrupt import Interrupts
from practicum.engine.phase import Phase, Result, train
from practicum.engine.workers import Workers
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask, Source
from practicum.training.pack import MIN_VALIDATE_STEPS, Pack, validation_interval

PROBE_STEPS = 8
VALIDATIONS_A_PHASE = 8


Layout = tuple[Hashable, ...]


def network_of(data: Prepared | PreparedFold, recipe: Recipe) -> Network:
    """Return the shape of the network that ``recipe`` asks for on ``data``."""
    return Network(
        num_inputs=data.train.x.shape[1],
        hidden_sizes=recipe.hidden_sizes,
        num_outputs=data.train.target.shape[1],
        activation=recipe.activation,
        task=data.preparation.schema.task,
        num_levels=data.train.num_levels,
    )


def layout_of(data: PreparedFold) -> Layout:
    """Return what prepared rows must share to be laid out for one task: numbers of rows, width, looked-up columns."""
    num_inputs, num_levels = data.train.x.shape[1], data.train.num_levels
    # Embeddings follow the other inputs at once, so their place depends on the width before it is padded.
    width = num_inputs if num_levels else padded(num_inputs)
    return width, num_levels, len(data.train), len(data.valid)


class Trainer:
    """Trains phases of trials on one set of data.

    Args:
        workers: an entered pool.
        data: prepared in one way; other ways and folds are made when a recipe asks for them.
        clock: the budget.
        interrupts: listens for Ctrl-C.
        device: where trials are trained.

    Attributes:
        preparations: of the data, by recipe.
        phases: name of each trial's phase, by number.
        results: of all trials, by number.
        record: all that was measured.
        interrupted: whether Ctrl-C ended a phase.
    """

    def __init__(
        self,
        workers: Workers,
        data: Prepared,
        clock: Clock,
        interrupts: Interrupts,
        device: torch.device | None = None,
    ) -> None:
        self.workers, self.data, self.clock, self.interrupts = workers, data, clock, interrupts
        self._device = device
        self.record = Record()
        self.phases: dict[int, str] = {}
        self.results: list[Result] = []
        self.interrupted = False
        self.preparations = Preparations(data)
        self._tasks: dict[Layout, MLPTask] = {}

    def search_phase(self, name: str, recipes: Sequence[Recipe], share: float) -> Phase:
        """Train ``recipes`` for ``share`` of the time left."""
        return self._phase(name, recipes, self.clock.share(share))

    def committee(self, recipes: Sequence[Recipe], name: str) -> Phase:
        """Train the final committee in what time is left."""
        return self._phase(name, recipes, self.clock.training_ends)

    def paced(self, recipe: Recipe) -> Recipe:
        """Return ``recipe`` with validations near enough for its patience and for the time there is.

        Only small minibatches (the first validation would come after the first patience; the tutorial's bound is
        ours) and very short budgets need it. Where the number of updates is given, time has no say.
        """
        if recipe.validate_every_steps is not None:
            return recipe
        usual = interval = validation_interval(self.task(recipe).num_valid, recipe.batch_size)
        if recipe.early_stopping:
            interval = min(interval, max(1, recipe.patience_steps // 2))
        if recipe.num_steps is None and math.isfinite(self.clock.training_ends):
            interval = min(interval, max(MIN_VALIDATE_STEPS, self._affordable_interval(recipe)))
        return recipe if interval == usual else recipe.changed(validate_every_steps=interval)

    def _affordable_interval(self, recipe: Recipe) -> int:
        """Return how many updates may lie between two validations, from the pace of the first few.

        Few enough for several validations a phase, but not so few that validating takes longer than training.
        """
        probe = self.workers.split([recipe] * 2 * self.workers.num_workers, self.task(recipe))
        self.workers.advance(probe, 1)  # first calls are slow, and the untrained net is evaluated
        started = monotonic()
        self.workers.advance(probe, 1 + PROBE_STEPS)
        stepped = monotonic()
        self.workers.dismiss(probe)
        pack = Pack([recipe] * 2, self.task(recipe))
        begun = monotonic()
        pack.evaluate()
        evaluated = monotonic()
        pace = (stepped - started) / PROBE_STEPS
        a_phase = 0.2 * (self.clock.training_ends - evaluated)
        return int(max(a_phase / VALIDATIONS_A_PHASE, evaluated - begun) / pace)

    def task(self, recipe: Recipe) -> MLPTask:
        """Return the data for ``recipe`` and all others of the same layout that were asked for."""
        return self.tasks([recipe])[0]

    def tasks(self, recipes: Sequence[Recipe]) -> list[MLPTask]:
        """Return the data for each of ``recipes``, laid out once; recipes of one layout share one task.

        Trials of one pack must share their task and be equal in :func:`practicum.training.pack.structure`. To be
        asked for all recipes at once: a task that has to grow is laid out anew.

        Raises:
            ConfigError, DataError: if a recipe's folds or preparation cannot be made.
        """
        layouts = [layout_of(self.preparations.of(recipe)) for recipe in recipes]
        wanted: dict[Layout, dict[DataKey, Recipe]] = {}
        for recipe, layout in zip(recipes, layouts, strict=True):
            wanted.setdefault(layout, {})[DataKey.of(recipe)] = recipe
        for layout, by_key in wanted.items():
            task = self._tasks.get(layout)
            if task is None or not by_key.keys() <= task.sources.keys():
                self._tasks[layout] = self._laid_out(by_key, task)
        return [self._tasks[layout] for layout in layouts]

    def _laid_out(self, recipes: Mapping[DataKey, Recipe], before: MLPTask | None) -> MLPTask:
        """Return a task of the sources that ``before`` has and of those that ``recipes`` ask for."""
        parts = {key: self.preparations.of(key) for key in [*(before.sources if before else ()), *recipes]}
        key, recipe = next(iter(recipes.items()))
        network = network_of(parts[key], recipe)
        train, valid = (
            Rows.of([getattr(part, name) for part in parts.values()], network, device=self._device)
            for name in ("train", "valid")
        )
        sources = {
            key: Source(place, part.train.x.shape[1]) for place, (key, part) in enumerate(parts.items())
        }
        return MLPTask(network, train, valid, sources)

    def _phase(self, name: str, recipes: Sequence[Recipe], deadline: float) -> Phase:
        self.clock.enter(name, f"{len(recipes)} trials")
        first = len(self.phases)
        phase = train(
            self.workers,
            recipes,
            self.task(recipes[0]),
            first_trial=first,
            record=self.record,
            deadline=deadline,
            report=lambda fraction: self.clock.say(f"{len(recipes)} trials", fraction),
            stop=lambda: self.interrupts.asked,
        )
        self.phases |= {result.trial: name for result in phase.results}
        self.results += phase.results
        self.interrupted |= phase.interrupted
        return phase
