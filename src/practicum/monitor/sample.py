"""Rows that are kept of what a loop trains and validates on, for what can only be judged with data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

ROWS = 2048
"""Rows of the beginning that are kept, then as many of later steps."""

BYTES = 64 * 2**20
"""Beyond these, fewer rows are kept."""

Pair = tuple[Tensor, Tensor | None]


@dataclass(slots=True)
class Kept:
    """Batches of one kind, as they came.

    Attributes:
        batches: inputs and targets of each, on the CPU; copies.
        steps: when each came.
        num_rows: of all.
        num_bytes: of all.
    """

    batches: list[Pair] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    num_rows: int = 0
    num_bytes: int = 0

    def wants(self, rows: int = ROWS) -> bool:
        """Return whether more are wanted, up to that many rows."""
        return self.num_rows < rows and self.num_bytes < BYTES

    def take(self, step: int, inputs: Any, targets: Any) -> None:
        """Keep a copy of a batch, if it is a tensor (or a pair of tensors) with rows."""
        x = plain_tensor(inputs)
        if x is None:
            return
        y = plain_tensor(targets)
        if y is not None and len(y) != len(x):
            y = None
        each = max(1, x[:1].numel() * x.element_size())
        rows = min(
            len(x), 2 * ROWS, max(1, (BYTES - self.num_bytes) // each)
        )  # a full batch may have a million
        kept = (_copy(x[:rows]), None if y is None else _copy(y[:rows]))
        self.batches.append(kept)
        self.steps.append(step)
        self.num_rows += rows
        self.num_bytes += sum(one.numel() * one.element_size() for one in kept if one is not None)

    def inputs(self) -> Tensor | None:
        """Return all inputs, (rows, …); None where there are none or they do not fit each other."""
        return _joined([x for x, _ in self.batches])

    def targets(self) -> Tensor | None:
        """Return all targets, or None where one is missing."""
        targets = [y for _, y in self.batches if y is not None]
        return _joined(targets) if len(targets) == len(self.batches) else None


@dataclass(slots=True)
class Sample:
    """All rows that are kept.

    Attributes:
        first: of the first steps, in their order.
        later: of later steps that were looked at closely.
        valid: of the first validations, or of passes without gradients where validations give none.
    """

    first: Kept = field(default_factory=Kept)
    later: Kept = field(default_factory=Kept)
    valid: Kept = field(default_factory=Kept)


def plain_tensor(value: Any) -> Tensor | None:
    """Return the tensor with rows that ``value`` is, or the only one that it holds.

    Example:
        >>> plain_tensor([torch.ones(3, 2)]).shape, plain_tensor(5), plain_tensor((torch.ones(2), torch.ones(2)))
        (torch.Size([3, 2]), None, None)
    """
    if isinstance(value, tuple | list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Tensor) and value.ndim and not value.is_sparse and value.layout == torch.strided:
        return value
    return None


def _copy(rows: Tensor) -> Tensor:
    """Return a copy on the CPU."""
    return rows.detach().to("cpu", copy=True)


def _joined(parts: list[Tensor]) -> Tensor | None:
    """Return parts one below the other, where they fit."""
    if not parts or len({(one.shape[1:], one.dtype) for one in parts}) != 1:
        return None
    return torch.cat(parts)
