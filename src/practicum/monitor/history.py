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
    """Ties a mark to the last operation of each step, and counts those that live.

    Where losses are added up with their history, or collected in a list, every mark lives on. An operation keeps a
    mapping for whoever debugs it; marks lie there, and go with it.

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
        self._marks: list[weakref.ref[_Mark]] = []

    def mark(self, operation: Any) -> None:
        """Tie a mark to an operation (`Tensor.grad_fn`); None ties none."""
        if operation is not None:
            mark = _Mark()
            operation.metadata[id(self)] = mark
            self._marks.append(weakref.ref(mark))

    def held(self) -> int:
        """Return how many marked operations live."""
        count = self._count()
        if count > max(2, len(self._marks) // 10):
            gc.collect()  # what nobody holds any more but itself is not held
            count = self._count()
        return count

    def _count(self) -> int:
        return sum(one() is not None for one in self._marks)


def operation_of(loss: Any, output: Any) -> Any:
    """Return the operation that a step's loss comes from; that of the output where the loss is a plain number."""
    for one in (loss, output):
        if isinstance(one, Tensor) and one.grad_fn is not None:
            return one.grad_fn
    return None
