"""Bottou's adaptive learning rate: from time to time N rates are tried from one state, and the best goes on.

At regular intervals copies of the trial, one for each candidate rate, are trained side by side as a pack, from the very
state of the trial, on a fixed small subset of the training rows. The rate whose copy then has the lowest loss on the
subset is kept until the next time. The trial itself is not touched, only its rate.

How many rows the subset has counts, not which share of the data that is: the choice costs the same on large data.
Source: Bengio 2012, 3.1-06.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from practicum.core.errors import ConfigError
from practicum.core.events import Event, Floats
from practicum.core.seeds import stream
from practicum.optim.schedules import momenta, rates
from practicum.recipe import Recipe
from practicum.training.loop import run
from practicum.training.order import Order
from practicum.training.pack import Pack
from practicum.training.program import Task
from practicum.training.snapshot import Snapshot, load_, take

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Candidate rates over the present one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A rate that was chosen.

    Attributes:
        step: updates done before it.
        candidates: the rates that were tried.
        losses: mean loss on the subset after each was tried; ``nan`` or ``inf`` where it blew up.
        rate: the one that was kept.
    """

    step: int
    candidates: tuple[float, ...]
    losses: tuple[float, ...]
    rate: float


@dataclass(frozen=True, slots=True)
class BottouResult:
    """A trial that was trained with this procedure.

    Attributes:
        choices: of rates, in order.
        events: of the trial itself.
        num_steps: updates done; those of candidates do not count.
        best_step: updates done at the best validation, 0 if none was better than the start.
        valid_loss: at the best, ``inf`` if there was none.
        valid_error: at the best, ``inf`` if there was none.
        weights: at the best, named as in the trial's module.
    """

    choices: tuple[Choice, ...]
    events: tuple[Event, ...]
    num_steps: int
    best_step: int
    valid_loss: float
    valid_error: float
    weights: Mapping[str, Tensor]

    @property
    def rates(self) -> tuple[tuple[int, float], ...]:
        """From which update on each rate held."""
        return tuple((choice.step, choice.rate) for choice in self.choices)


def train_with_bottou(
    recipe: Recipe,
    task: Task,
    *,
    factors: Sequence[float] = FACTORS,
    every_steps: int,
    subset_rows: int,
    trial_steps: int | None = None,
    until: int,
) -> BottouResult:
    """Train one trial, choosing its learning rate anew every so many updates.

    Each choice costs N · ``trial_steps`` updates, so ``every_steps`` should be several times as many. The recipe's
    schedule goes on upon the chosen rate; "power" without a decay leaves all to the choice. The subset is drawn from
    the recipe's seed.

    Args:
        recipe: its learning rate is the first one that candidates are made from.
        task: what to train on.
        factors: candidates over the present rate; 1 among them lets it stay.
        every_steps: updates from one choice to the next; the first is before the first update.
        subset_rows: training rows that candidates are trained and compared on, all if there are fewer.
        trial_steps: updates of each candidate; by default as many as see each row of the subset once.
        until: updates of the trial, unless it ends before.

    Returns:
        What the trial reached, and all choices.

    Raises:
        ConfigError: if a number is out of range.

    Source:
        Bengio 2012, 3.1-06. Nothing is said there on how long a candidate is trained; once over the subset is ours.

    Example:
        >>> from torch import nn
        >>> from practicum.training.lift.losses import named_loss
        >>> from practicum.training.lift.task import ModelTask
        >>> rows = {"x": torch.eye(4), "y": torch.arange(4)}
        >>> task = ModelTask(lambda recipe: nn.Linear(4, 4), named_loss("cross_entropy"), None, rows, rows)
        >>> recipe = Recipe(batch_size=4, learning_rate=0.1)
        >>> train_with_bottou(recipe, task, every_steps=20, subset_rows=4, until=40).rates
        ((0, 0.4), (20, 1.6))
    """
    pack = Pack([recipe], task)
    trials = RateTrials(pack, factors, every_steps, subset_rows, trial_steps)
    events, choices = [], []
    for found in run_with_bottou(pack, trials, until):
        if isinstance(found, Choice):
            choices.append(found)
        else:
            events.append(found)
    return BottouResult(
        choices=tuple(choices),
        events=tuple(events),
        num_steps=pack.step,
        best_step=int(pack.stopping.best_index[0]) + 1,
        valid_loss=float(pack.stopping.best_loss[0]),
        valid_error=float(pack.stopping.best_error[0]),
        weights=pack.best_of(0),
    )


def run_with_bottou(pack: Pack, trials: RateTrials, until: int) -> Generator[Event | Choice, None, Pack]:
    """Train ``pack`` as :func:`practicum.training.loop.run` does, choosing the rate at intervals; yield choices too.

    Args:
        pack: of one trial; changed in place. Its rate is not in its snapshots: a trial that shall go on elsewhere must
            be given the last choice again, by :func:`set_rates`.
        trials: how rates are tried.
        until: number of updates, counted from the beginning of training.
    """
    while pack.step < until and pack.alive.any():
        if pack.step % trials.every_steps == 0:
            choice = trials.choose(pack)
            set_rates(pack, [choice.rate])
            yield choice
        rung = (pack.step // trials.every_steps + 1) * trials.every_steps
        yield from run(pack, min(until, rung))
    return pack


class RateTrials:
    """Tries rates from the state of a trial.

    Args:
        pack: of the trial.
        factors: candidates over the present rate.
        every_steps: updates from one choice to the next.
        subset_rows: training rows that candidates are trained and compared on.
        trial_steps: updates of each candidate; once over the subset by default.

    Attributes:
        every_steps: as given.
        rows: the subset, int64.

    Raises:
        ConfigError: if a number is out of range, or the pack has several trials.
    """

    def __init__(
        self,
        pack: Pack,
        factors: Sequence[float],
        every_steps: int,
        subset_rows: int,
        trial_steps: int | None = None,
    ) -> None:
        _check(pack, factors, every_steps, subset_rows, trial_steps)
        recipe, num_train = pack.recipes[0], pack.task.num_train
        # Of candidates that do equally well the nearest to the present rate is kept.
        self._factors = np.array(sorted(factors, key=lambda factor: (abs(math.log(factor)), factor)))
        self.every_steps = every_steps
        drawn = stream(recipe.seed, "bottou").permutation(num_train)[:subset_rows]
        self.rows = torch.from_numpy(np.sort(drawn))
        size = recipe.batch_size
        self._num_batches = -(-len(self.rows) // size)
        steps = self._num_batches if trial_steps is None else trial_steps
        order = Order(len(self.rows), size, recipe.seed, recipe.batch_order)
        self._batches = self.rows[order.batches(0, steps)]
        together = len(factors) if getattr(pack.task, "lifted", True) else 1
        self._pack = Pack([recipe] * together, pack.task)

    def choose(self, pack: Pack) -> Choice:
        """Return the best of the candidates around the rate of ``pack``, which is not changed."""
        now = take(pack)
        candidates = pack.coefficients.learning_rate[0] * self._factors
        groups = np.split(candidates, len(candidates) // len(self._pack))
        losses = np.concatenate([self._losses(now, group) for group in groups])
        finite = np.isfinite(losses)
        best = (
            int(np.argmin(np.where(finite, losses, np.inf))) if finite.any() else int(np.argmin(candidates))
        )
        return Choice(pack.step, tuple(candidates.tolist()), tuple(losses.tolist()), float(candidates[best]))

    @torch.no_grad()
    @np.errstate(all="ignore")  # a candidate that explodes is a result
    def _losses(self, state: Snapshot, candidates: Floats) -> Floats:
        """Return the loss on the subset after each of ``candidates`` was tried from ``state``."""
        pack, count = self._pack, len(self._batches)
        load_(pack, state, [0] * len(pack))
        set_rates(pack, candidates)
        scheduled = pack.coefficients.with_decay_start(pack.decay.decay_start_K)
        pack.update.plan(pack.step, rates(pack.step, count, scheduled), momenta(pack.step, count, scheduled))
        device = pack.best.flat.device
        for step, indices in enumerate(self._batches.to(device), pack.step):
            pack.update.run(indices, step)
        size = pack.batch_size
        around = torch.arange(self._num_batches * size) % len(
            self.rows
        )  # the last batch is filled from the first
        total = np.zeros(len(pack))
        for step, indices in enumerate(self.rows[around].view(-1, size).to(device), pack.step + count):
            pack.program.gradients(indices, step)
            total += pack.program.batch_losses().double().cpu().numpy()
        return total / self._num_batches


def set_rates(pack: Pack, rates_K: Sequence[float] | Floats) -> None:
    """Give the trials of ``pack`` other learning rates ε₀, (K,), from the next update on."""
    pack.coefficients.learning_rate = np.array(rates_K, dtype=np.float64)


def _check(
    pack: Pack, factors: Sequence[float], every_steps: int, subset_rows: int, trial_steps: int | None
) -> None:
    if len(pack) != 1:
        raise ConfigError(
            f"`pack` must hold one trial, but got {len(pack)}. Give each trial a pack of its own.",
            pack=len(pack),
        )
    if not factors or not all(0 < factor < math.inf for factor in factors):
        raise ConfigError(
            f"`factors` must be one or more finite numbers > 0, but got factors={tuple(factors)}. "
            f"Use for example {FACTORS}.",
            factors=tuple(factors),
        )
    for name, value in (
        ("every_steps", every_steps),
        ("subset_rows", subset_rows),
        ("trial_steps", trial_steps),
    ):
        if value is not None and value < 1:
            raise ConfigError(
                f"`{name}` must be at least 1, but got {name}={value}. Use for example 500 rows, and a choice every "
                "1000 updates.",
                **{name: value},
            )
