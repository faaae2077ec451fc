"""The lowest loss that outputs could give: one output for all rows, or one for all rows that look the same.

The first is the best constant prediction; the second remains whatever the network, where rows that cannot be told apart
have different targets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from practicum.checks.criterion import Loss
from practicum.checks.descent import minimise

EVALUATIONS = 500
"""Of the loss, at most: it is convex in the outputs as a rule, and quick."""

FLAT, DIGITS = 1e-4, 1e-9
"""Gradient by the outputs below which they are settled: relative to that of the start, and to the loss. A loss of
log-probabilities falls without end as free numbers grow, and its gradient does not."""

Link = Callable[[Tensor], Tensor]


def groups_of(value: Any, num_rows: int) -> list[int]:
    """Return a number for each row, the same for rows that are equal in every tensor that has rows.

    Example:
        >>> groups_of((torch.tensor([[1.0], [2.0], [1.0]]), torch.tensor([5, 6, 5])), 3)
        [0, 1, 0]
    """
    numbers: dict[tuple[bytes, ...], int] = {}
    parts = [one for one in _tensors(value) if one.ndim and len(one) == num_rows]
    keys = [tuple((part[row] + 0).cpu().numpy().tobytes() for part in parts) for row in range(num_rows)]
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def indistinct_rows(inputs: Any, targets: Any, num_rows: int) -> int:
    """Return how many rows share their inputs with a row of another target.

    Example:
        >>> indistinct_rows(torch.tensor([[1.0], [2.0], [1.0], [2.0]]), torch.tensor([0, 1, 1, 1]), 4)
        2
    """
    wanted: dict[int, set[int]] = {}
    seen = groups_of(inputs, num_rows)
    for group, target in zip(seen, groups_of(targets, num_rows), strict=True):
        wanted.setdefault(group, set()).add(target)
    return sum(len(wanted[group]) > 1 for group in seen)


def lowest_loss(loss: Loss, output: Any, targets: Any, groups: Sequence[int]) -> float | None:
    """Return the lowest loss of outputs that are free, but the same for the rows of a group.

    Args:
        loss: of outputs and targets.
        output: what the model gives; it tells the shape, and whether rows are probabilities or their logarithms.
        targets: as the loss takes them.
        groups: a number of each row, from 0.

    Returns:
        The loss; None where it cannot be told, as for outputs that are not one tensor with rows.

    Example:
        >>> y = torch.tensor([0.0, 1.0, 5.0], dtype=torch.float64)
        >>> round(lowest_loss(torch.nn.functional.mse_loss, torch.zeros_like(y), y, [0, 0, 1]), 6)
        0.166667
    """
    if not isinstance(output, Tensor) or not output.ndim or len(output) != len(groups):
        return None
    place, link = torch.tensor(list(groups), device=output.device), _link(output.detach())
    start = torch.zeros((int(place.max()) + 1, *output.shape[1:]), dtype=output.dtype, device=output.device)
    free = start.requires_grad_()

    def value() -> Tensor:
        return loss(link(free)[place], targets)

    try:
        first = value()
        (before,) = torch.autograd.grad(first, [free])
        found = minimise(value, [free], EVALUATIONS)
        (after,) = torch.autograd.grad(value(), [free])
    except (RuntimeError, ValueError, IndexError):  # the loss takes no such outputs
        return None
    limit = FLAT * float(before.abs().max()) + DIGITS * (1 + abs(float(first.detach())))
    settled = float(after.abs().max()) <= limit
    return found if settled else None


def _link(output: Tensor) -> Link:
    """Return what makes outputs of free numbers: probabilities of a row, their logarithms, or nothing."""
    if output.ndim > 1 and output.shape[1] > 1:
        if _are_one(output.exp().sum(1)):
            return partial(torch.log_softmax, dim=1)
        if _are_one(output.sum(1)) and bool((output >= 0).all()):
            return partial(torch.softmax, dim=1)
    return lambda free: free


def _are_one(totals: Tensor) -> bool:
    """Return whether all are 1 but for rounding; totals by chance are not, in every row."""
    return torch.allclose(totals, torch.ones_like(totals))


def _tensors(value: Any) -> list[Tensor]:
    """Return the tensors of a value, however nested."""
    if isinstance(value, Tensor):
        return [value.detach()]
    if isinstance(value, dict):
        value = list(value.values())
    return [found for one in value for found in _tensors(one)] if isinstance(value, tuple | list) else []
