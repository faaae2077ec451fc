"""Whether the computations of earlier steps are still held in memory: they must not be."""

from __future__ import annotations

import gc
import weakref
from typing import Any

from torch import Tensor


class _Mark:
    """Lives as long as the operation that it is tied to."""

    __slots__ = ("__weakref__",)


class History:
    """Ties marks to the last operations of each step, and counts the steps of which one lives.

    Where losses are added up with their history, or outputs are collected in a list, every step's live on. An
    operation keeps a mapping for whoever debugs it; marks lie there, and go with it.

    Source:
        Fault C8 of the guide.

    Example:
        >>> import torch
        >>> weight, history, total = torch.ones(1, requires_grad=True), History(), 0
        >>> for _ in range(10):
        ...     loss = (2 * weight).sum()
        ...     history.mark(loss.grad_fn)
        ...     total = total + loss
        >>> history.held()
        10
    """

    def __init__(self) -> None:
        self._marks: list[list[weakref.ref[_Mark]]] = []

    def mark(self, *operations: Any) -> None:
        """Tie marks to operations of a step (`Tensor.grad_fn`)."""
        marks = [_Mark() for _ in operations]
        for operation, mark in zip(operations, marks, strict=True):
            operation.metadata[id(self)] = mark
        self._marks.append([weakref.ref(one) for one in marks])

    def held(self) -> int:
        """Return of how many steps a marked operation lives."""
        count = self._count()
        if count > max(2, len(self._marks) // 10):
            gc.collect()  # what nobody holds any more but itself is not held
            count = self._count()
        return count

    def _count(self) -> int:
        return sum(any(one() is not None for one in step) for step in self._marks)


def operations_of(loss: Any, output: Any) -> list[Any]:
    """Return the operations that a step's loss and the model's output come from, where these have any."""
    return [one.grad_fn for one in (loss, output) if isinstance(one, Tensor) and one.grad_fn is not None]
