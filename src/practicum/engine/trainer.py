"""Trains one phase after another on one set of data: numbers the trials, keeps the time, collects what they reached."""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import monotonic

import torch

from practicum.core.record import Record
from practicum.data.pipeline import Prepared
from practicum.engine.clock import Clock
from practicum.engine.interrupt import Interrupts
from practicum.engine.phase import Phase, Result, train
from practicum.engine.workers import Workers
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask
from practicum.training.pack import MIN_VALIDATE_STEPS, Pack, validation_interval

PROBE_STEPS = 8
VALIDATIONS_A_PHASE = 8


def network_of(data: Prepared, recipe: Recipe) -> Network:
    """Return the shape of the network that ``recipe`` asks for on ``data``."""
    return Network(
        num_inputs=data.train.x.shape[1],
        hidden_sizes=recipe.hidden_sizes,
        num_outputs=data.train.target.shape[1],
        activation=recipe.activation,
        task=data.schema.task,
        num_levels=data.train.num_levels,
    )


class Trainer:
    """Trains phases of trials on one set of data.

    Args:
        workers: an entered pool.
        data: prepared.
        clock: the budget.
        interrupts: listens for Ctrl-C.
        device: where trials are trained.

    Attributes:
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
        self._rows: tuple[Rows, Rows] | None = None

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
        usual = interval = validation_interval(len(self.data.valid), recipe.batch_size)
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
        """Return network and data for ``recipe``; the rows are laid out once."""
        data = self.data
        network = network_of(data, recipe)
        if self._rows is None:
            train, valid = (Rows.of(part, network, device=self._device) for part in (data.train, data.valid))
            self._rows = train, valid
        return MLPTask(network, *self._rows)

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
