"""A phase: recipes of equal structure trained side by side until they end or the time is up.

Time decides only how many rungs there are; every rung ends at a validation, all packs stand at the same update, and
what was decided is in the results (`num_steps`), so that a phase can be replayed without a clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from torch import Tensor

from practicum.core.events import Ended, Event, Validated
from practicum.core.record import Record
from practicum.engine.workers import Interrupted, Workers
from practicum.recipe import Recipe
from practicum.train.pack import Pack
from practicum.train.program import Task

Status = Literal["patience", "diverged", "num_steps", "budget", "stopped"]

RISEN_RATIO = 1.1
"""Training loss is a mean over sampled minibatches: so much above the start may be chance."""

RUNG_SECONDS = 0.5
"""Aim for the length of a rung: how long Ctrl-C may take, how far the end of a phase may miss its time."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one trial reached.

    Attributes:
        trial: its number.
        recipe: its hyper-parameters.
        status: why it ended; "budget" when the phase's time was up, "stopped" on Ctrl-C.
        num_steps: updates done.
        best_step: updates done at its best validation, 0 if none was better than the start.
        train_loss: mean training loss before its last validation.
        start_loss: mean training loss before the first update, on all rows or on the minibatches of ``train_loss``,
            whichever is larger.
        valid_loss: at the best, ``inf`` if there was none.
        valid_error: at the best, ``inf`` if there was none.
        weights: at the best, named as in :class:`practicum.models.mlp.MLP`.
    """

    trial: int
    recipe: Recipe
    status: Status
    num_steps: int
    best_step: int
    train_loss: float
    start_loss: float
    valid_loss: float
    valid_error: float
    weights: Mapping[str, Tensor]

    @property
    def stable(self) -> bool:
        """Whether the training loss neither diverged nor ended clearly above where it began [2.1-02]."""
        return self.status != "diverged" and self.train_loss <= RISEN_RATIO * self.start_loss

    @property
    def rank(self) -> tuple[float, float]:
        """What the best trial has least of: validation error, then loss."""
        return (self.valid_error, self.valid_loss)


@dataclass(frozen=True, slots=True)
class Phase:
    """The outcome of a phase: the results by trial number, and whether Ctrl-C ended it."""

    results: list[Result]
    interrupted: bool


def train(
    workers: Workers,
    recipes: Sequence[Recipe],
    task: Task,
    *,
    first_trial: int,
    record: Record,
    deadline: float,
    report: Callable[[float], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Phase:
    """Train ``recipes`` together until all have ended, ``deadline`` has come or ``stop`` says so.

    Args:
        workers: an entered pool.
        recipes: of equal structure.
        task: network and data.
        first_trial: number of the first trial; the others follow.
        record: takes in all events.
        deadline: moment of :func:`time.monotonic`; ``inf`` for none.
        report: told after every rung which fraction of the phase has passed.
        stop: asked after every rung whether to end, as Ctrl-C does.
    """
    packs = workers.split(recipes, task, first_trial)
    ends: dict[int, tuple[Status, int]] = {}
    results: list[Result] = []
    train_loss: dict[int, float] = {}
    started, until, interrupted = time.monotonic(), 0, False
    pace = _Pace(packs[0].validate_every, started, deadline)
    while packs:
        rung = pace.next_rung(until)
        if rung == 0:
            break
        until += rung
        try:
            told = workers.advance(packs, until)
        except Interrupted as interrupt:
            interrupted, told = True, interrupt.told
        except KeyboardInterrupt:
            interrupted = True
            break
        for events in told:
            record.fold(events)
            _fold(events, train_loss, ends)
        for pack in packs:
            results += _collect(pack, ~pack.alive, ends, train_loss)
            pack.compact()
        packs = [pack for pack in packs if pack.alive.any()]
        pace.after(rung)
        report(pace.fraction(until, packs))
        interrupted |= stop()
        if interrupted:
            break
    for pack in packs:
        left: Status = "stopped" if interrupted else "budget"
        ends |= dict.fromkeys(pack.trials, (left, pack.step))
        results += _collect(pack, np.ones(len(pack), dtype=np.bool_), ends, train_loss)
    return Phase(sorted(results, key=lambda result: result.trial), interrupted)


class _Pace:
    """Chooses how long the next rung is, from how long the last ones took."""

    def __init__(self, interval: int, started: float, deadline: float) -> None:
        self.interval, self.started, self.deadline = interval, started, deadline
        self.seconds_per_step, self._last = 0.0, started

    def next_rung(self, done: int) -> int:
        """Return the number of updates of the next rung, whole validation intervals; 0 when the time is up."""
        if done == 0:
            return self.interval
        left = self.deadline - time.monotonic()
        fitting = min(left, RUNG_SECONDS) / max(self.seconds_per_step * self.interval, 1e-9)
        if left < self.seconds_per_step * self.interval:
            return 0
        return self.interval * max(1, int(fitting))

    def after(self, rung: int) -> None:
        """Take in that a rung of so many updates has just ended."""
        now = time.monotonic()
        self.seconds_per_step, self._last = (now - self._last) / rung, now

    def fraction(self, done: int, packs: Sequence[Pack]) -> float:
        """Return which part of the phase has passed, by time or by the updates all trials are bound to."""
        by_time = (time.monotonic() - self.started) / max(self.deadline - self.started, 1e-9)
        bound = max((float(pack.num_steps.max()) for pack in packs), default=0.0)
        by_steps = done / bound if bound else 1.0
        return min(1.0, max(by_time, by_steps))


def _fold(events: Sequence[Event], train_loss: dict[int, float], ends: dict[int, tuple[Status, int]]) -> None:
    for event in events:
        if isinstance(event, Ended):
            ends[event.trial] = (event.reason, event.step)
        elif isinstance(event, Validated):
            for trial, alive, loss in zip(event.trials, event.alive, event.train_loss, strict=True):
                if alive:
                    train_loss[trial] = float(loss)


def _collect(
    pack: Pack,
    which: np.ndarray[tuple[int], np.dtype[np.bool_]],
    ends: Mapping[int, tuple[Status, int]],
    train_loss: Mapping[int, float],
) -> list[Result]:
    """Return the results of the trials at the positions ``which``."""
    found = []
    for position in np.flatnonzero(which).tolist():
        trial, stopping = pack.trials[position], pack.stopping
        status, num_steps = ends[trial]
        found.append(
            Result(
                trial=trial,
                recipe=pack.recipes[position],
                status=status,
                num_steps=num_steps,
                best_step=int(stopping.best_index[position]) + 1,
                train_loss=train_loss.get(trial, float("nan")),
                start_loss=float(pack.compared_loss[position]),
                valid_loss=float(stopping.best_loss[position]),
                valid_error=float(stopping.best_error[position]),
                weights=pack.best_of(position),
            )
        )
    return found
