"""Bottou's adaptive learning rate: from time to time N rates are tried from one state, and the best goes on.

At regular intervals copies of the trial, one for each candidate rate, are trained side by side as a pack, from the very
state of the trial, on a fixed small subset of the training rows. The rate whose copy then has the lowest loss on the
subset is kept until the next time. The trial itself is not touched, only its rate.

How many rows the subset has counts, not which share of the data that is: the choice costs the same on large data.
Source: Bengio 2012, 3.1-06.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from practicum.core.errors import ConfigError
from practicum.core.events import Floats
from practicum.core.seeds import stream
from practicum.optim.schedules import momenta, rates
from practicum.training.order import Order
from practicum.training.pack import Pack
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


class RateTrials:
    """Tries rates from the state of a trial.

    Each choice costs N · ``trial_steps`` updates, so ``every_steps`` should be several times as many. The recipe's
    schedule goes on upon the chosen rate; "power" without a decay leaves all to the choice. The subset is drawn from
    the recipe's seed. Rates are not in snapshots: a trial that shall go on elsewhere must be given the last choice
    again, by :func:`set_rates`.

    Args:
        pack: of the trial.
        factors: candidates over the present rate; 1 among them lets it stay.
        every_steps: updates from one choice to the next.
        subset_rows: training rows that candidates are trained and compared on, all if there are fewer.
        trial_steps: updates of each candidate; by default as many as see each row of the subset once.

    Attributes:
        every_steps: as given.
        rows: the subset, int64.

    Raises:
        ConfigError: if a number is out of range, or the pack has several trials.

    Source:
        Bengio 2012, 3.1-06. Nothing is said there on how long a candidate is trained; once over the subset is ours.
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
    if not factors or not all(isinstance(one, int | float) and 0 < one < math.inf for one in factors):
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
