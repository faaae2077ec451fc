"""The chapter's learning-rate finder: from a large rate down by threes until training no longer diverges.

Every rate starts from the same weights and meets the same minibatches in the same order. Where the first rate does not
diverge, the way is up, until one does: the edge lies between the two that are next to each other.
Source: Bengio 2012, 2.1-02, 2.1-03.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from practicum.checks.criterion import Criterion, Loss
from practicum.checks.descent import batches, descend
from practicum.core.errors import ConfigError

FACTOR = 3.0
"""Between one rate and the next [2.1-03]."""

FAR = 1e3
"""Times the loss at the start (plus 1): a run above it is not gone on with, for it has diverged."""

MAX_TRIES = 40
"""Rates that are tried at most: 3⁴⁰ spans every rate that makes sense."""

MakeOptimizer = Callable[[Iterable[nn.Parameter], float], torch.optim.Optimizer]
"""Returns an optimiser of parameters, with a learning rate."""


@dataclass(frozen=True, slots=True)
class RateTrial:
    """One rate that was tried.

    Attributes:
        rate: the learning rate.
        losses: of each minibatch before its update; fewer than asked for where the run was given up.
        final: loss of all rows at the end, ∞ or nan where it is no number.
        diverged: whether the loss is no number, or at the end above the start's: on all rows, or on the minibatches of
            the last epoch. So has a network that died at a finite loss, where no gradient reaches some layer any more.
    """

    rate: float
    losses: tuple[float, ...]
    final: float
    diverged: bool


@dataclass(frozen=True, slots=True)
class RateFinder:
    """What the finder found.

    Attributes:
        start: loss of all rows before training.
        trials: every rate that was tried, in that order; the last one is half of ``largest``.
        factor: between one rate and the next.
        largest: ε_max, the largest rate tried that does not diverge; None where all diverged.
        bracketed: whether the next larger rate was seen to diverge.
        suggestion: ε_max or its half, whichever ended lower on all rows; None where all diverged.
    """

    start: float
    trials: tuple[RateTrial, ...]
    factor: float
    largest: float | None
    bracketed: bool
    suggestion: float | None

    @property
    def lowest(self) -> float:
        """The lowest loss of all rows at the end of a run that did not diverge; the start's where none was lower."""
        return min([self.start, *(one.final for one in self.trials if not one.diverged)])

    @property
    def text(self) -> str:
        """One sentence, or two."""
        if self.largest is None or self.suggestion is None:
            return (
                f"All {len(self.trials)} rates from {self.trials[0].rate:.3g} to {self.trials[-1].rate:.3g} raise the "
                f"training criterion above {self.start:.4g}, where it starts: check the gradient [2.1-03, 4.1-01]."
            )
        if self.bracketed:
            edge = f"and {self.factor * self.largest:.3g} diverges"
        else:
            edge = f"and none of the {len(self.trials)} rates tried diverges"
        text = (
            f"The largest rate tried that does not diverge is {self.largest:.3g}, {edge}; try {self.suggestion:.3g}, "
            f"between half of it and it [2.1-02, 2.1-03]."
        )
        if self.lowest >= self.start:
            text += f" But none lowers the training criterion, which starts at {self.start:.4g} [4.1-01]."
        return text


def find_rate(
    model: nn.Module,
    loss: Loss,
    inputs: Any,
    targets: Any,
    *,
    first: float = 1.0,
    factor: float = FACTOR,
    num_steps: int = 200,
    batch_size: int = 32,
    seed: int = 0,
    make_optimizer: MakeOptimizer | None = None,
) -> RateFinder:
    """Find the largest learning rate with which training does not diverge, and one to begin with.

    Args:
        model: its weights are the start of every run; copies are trained, in its own precision.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes, rows along the first axis: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        first: the rate that is tried first; any will do, only the way gets longer.
        factor: between one rate and the next.
        num_steps: updates of each run; too few, and a rate just above the edge has no time to show it.
        batch_size: rows of a minibatch; all rows where there are fewer.
        seed: of the minibatches and of what the model draws itself, the same for all rates.
        make_optimizer: from parameters and a rate; plain SGD where it is None.

    Raises:
        ConfigError: if a number cannot work, or the loss is no finite scalar with a gradient.

    Source:
        Bengio 2012, 2.1-02, 2.1-03.
        NOTE[DIFF]: it also goes up, and the half of ε_max is tried as well, to choose within the chapter's bracket.

    Example:
        >>> model, x, y = nn.Linear(2, 1, bias=False), torch.tensor([[1.0, 0.0], [0.0, 3.0]]), torch.zeros(2, 1)
        >>> found = find_rate(model, nn.functional.mse_loss, x, y)  # it curves by 9: 2/9 is the edge
        >>> round(found.largest, 3), found.bracketed
        (0.111, True)
    """
    _check_numbers(first, factor, num_steps, batch_size)

    def fresh() -> Criterion:
        criterion = Criterion(model, loss, inputs, targets, seed=seed, double=False)
        criterion.model.train()
        return criterion

    start, trials = fresh().number(), list[RateTrial]()

    def tried(rate: float) -> RateTrial:
        trials.append(_run(fresh(), rate, start, num_steps, batch_size, make_optimizer or _plain))
        return trials[-1]

    diverged = tried(first).diverged
    step = 1 / factor if diverged else factor
    while (
        len(trials) < MAX_TRIES and trials[-1].diverged == diverged and 0 < trials[-1].rate * step < math.inf
    ):
        tried(first * step ** len(trials))
    kept = [one for one in trials if not one.diverged]
    if not kept:
        return RateFinder(start, tuple(trials), factor, None, False, None)
    best = max(kept, key=lambda one: one.rate)
    bracketed = len(kept) < len(trials)
    half = tried(best.rate / 2)
    better = half.rate if not half.diverged and half.final < best.final else best.rate
    return RateFinder(start, tuple(trials), factor, best.rate, bracketed, better)


def _run(
    criterion: Criterion,
    rate: float,
    start: float,
    num_steps: int,
    batch_size: int,
    make_optimizer: MakeOptimizer,
) -> RateTrial:
    """Train once and judge how it ended."""
    size = min(batch_size, criterion.num_rows)
    epoch = max(1, criterion.num_rows // size)
    optimizer = make_optimizer(list(criterion.parameters.values()), rate)
    order = batches(criterion.num_rows, size, num_steps, criterion.seed)
    alive = _reached(criterion)
    # One minibatch may have as much of the loss as all rows together.
    losses = descend(criterion, optimizer, order, start + FAR * (abs(start) + 1) * criterion.num_rows / size)
    final = criterion.number()
    # The end of a noisy run may be low by chance: the last epoch must be low as well.
    recent = losses[-epoch:] if len(losses) > epoch else []
    diverged = (
        not final <= start  # so is nan
        or (bool(recent) and not sum(recent) / len(recent) <= start)
        or _died(alive, _reached(criterion))
    )
    return RateTrial(rate, tuple(losses), final, diverged)


def _reached(criterion: Criterion) -> set[str]:
    """Return the names of the parameters whose gradient is not zero throughout."""
    given = criterion.parameters
    found = torch.autograd.grad(criterion.value(), list(given.values()), allow_unused=True)
    return {name for name, one in zip(given, found, strict=True) if one is not None and bool(one.any())}


def _died(before: set[str], after: set[str]) -> bool:
    """Return whether a parameter gets no gradient any more where others do: at an optimum none gets one."""
    return bool(after) and bool(before - after)


def _plain(parameters: Iterable[nn.Parameter], rate: float) -> torch.optim.Optimizer:
    """Return plain stochastic gradient descent."""
    return torch.optim.SGD(parameters, lr=rate)


def _check_numbers(first: float, factor: float, num_steps: int, batch_size: int) -> None:
    """Refuse numbers with which nothing can be found."""
    if not 0 < first < math.inf:
        raise ConfigError(
            f"`first` must be a positive number, but got first={first:g}. Start with a large rate, such as 1.",
            first=first,
        )
    if not 1 < factor < math.inf:
        raise ConfigError(
            f"`factor` must be > 1, but got factor={factor:g}. Leave it out for the chapter's {FACTOR:g}.",
            factor=factor,
        )
    if num_steps < 1 or batch_size < 1:
        raise ConfigError(
            f"`num_steps` and `batch_size` must be at least 1, but got num_steps={num_steps}, "
            f"batch_size={batch_size}. Leave them out for the usual ones.",
            num_steps=num_steps,
            batch_size=batch_size,
        )
