"""How a check trains a copy of a model: minibatches in one order for all that are compared, and L-BFGS.

Source: Bengio 2012, 2.1-03, 4.1-06, 4.1-07.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import torch
from torch import Tensor, nn

from practicum.checks.criterion import Criterion
from practicum.checks.doubles import same_draws

HISTORY = 20
"""Pairs of steps and changes of the gradient that L-BFGS keeps."""

PROGRESS = 1e-3
"""L-BFGS is started again, its history forgotten, as long as that lowers the loss by this part of it."""

ROUND = 100
"""Iterations after which L-BFGS is started again at the latest."""


def batches(num_rows: int, batch_size: int, num_steps: int, seed: int) -> Iterator[Tensor]:
    """Yield the rows of each minibatch, in a new order every epoch; what is left at an epoch's end is left out.

    Example:
        >>> [len(rows) for rows in batches(5, 2, 3, seed=0)], [rows.tolist() for rows in batches(3, 9, 1, seed=0)]
        ([2, 2, 2], [[0, 1, 2]])
    """
    chooser = torch.Generator().manual_seed(seed)
    size = min(batch_size, num_rows)
    order = torch.arange(0)
    for _ in range(num_steps):
        if len(order) < size:
            order = torch.randperm(num_rows, generator=chooser)
        rows, order = order[:size], order[size:]
        # All rows in their own order, so that a batch of all has the criterion's very bits.
        yield rows if size < num_rows else torch.arange(num_rows)


def descend(
    criterion: Criterion, optimizer: torch.optim.Optimizer, order: Iterator[Tensor], ceiling: float = math.inf
) -> list[float]:
    """Train and return the loss of each minibatch before its update; stop where one is no number or above a ceiling.

    Args:
        criterion: its copy of the model is trained.
        optimizer: of the copy's parameters.
        order: rows of each minibatch.
        ceiling: above it nothing comes of going on.
    """
    losses = []
    with same_draws(criterion.seed):
        for rows in order:
            optimizer.zero_grad()
            loss = criterion.batch_loss(rows)
            losses.append(float(loss.detach()))
            if not losses[-1] <= ceiling:  # so is nan
                break
            torch.autograd.backward(loss)
            optimizer.step()
    return losses


def minimise(value: Callable[[], Tensor], parameters: Sequence[Tensor], max_evaluations: int) -> float:
    """Lower a function with L-BFGS; leave its parameters where it was lowest, and return that value.

    Args:
        value: of the parameters as they are, the same whenever it is called.
        parameters: leaves that require a gradient.
        max_evaluations: of the function and its gradient; the last line search may take a few more.

    Example:
        >>> x = torch.tensor([3.0, -2.0], dtype=torch.float64, requires_grad=True)
        >>> minimise(lambda: ((x - 1) ** 2).sum(), [x], 20) < 1e-12
        True
    """
    lowest, best, calls = math.inf, [one.detach().clone() for one in parameters], 0

    def closure() -> Tensor:
        nonlocal lowest, calls
        calls += 1
        for one in parameters:
            one.grad = None
        loss = value()
        if -math.inf < (now := float(loss.detach())) < lowest:
            lowest = now
            for kept, one in zip(best, parameters, strict=True):
                kept.copy_(one.detach())
        torch.autograd.backward(loss)
        return loss

    before = math.inf
    while calls < max_evaluations and (calls == 0 or before - lowest > PROGRESS * abs(lowest)):
        before = lowest if calls else math.inf
        rest = max_evaluations - calls
        optimizer = torch.optim.LBFGS(
            list(parameters),
            max_iter=min(ROUND, rest),
            max_eval=rest,
            tolerance_grad=1e-10,
            tolerance_change=1e-14,
            history_size=HISTORY,
            line_search_fn="strong_wolfe",
        )
        with suppress(
            IndexError
        ):  # PyTorch's line search trips over its own list where it met nothing but nan
            optimizer.step(closure)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            for kept, one in zip(best, parameters, strict=True):
                one.copy_(kept)
    return lowest


def without_dropout(model: nn.Module) -> None:
    """Set a model to training, for the statistics of batches, but its dropout to evaluation, in place."""
    model.train()
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.eval()
