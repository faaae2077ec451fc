"""How many operations of the automatic differentiation are kept alive: a number that must not grow with the steps."""

from __future__ import annotations

import gc
from typing import Any

from torch import Tensor

MOST = 1_000_000
"""Operations that are counted at most."""


def kept_alive() -> int:
    """Return the number of operations that living tensors can be traced back to.

    Where losses are added up with their history, or collected in a list, it grows with every step.

    Source:
        Fault C8 of the guide.

    Example:
        >>> import torch
        >>> weight, before = torch.ones(1, requires_grad=True), kept_alive()
        >>> kept = [weight * 2 for _ in range(10)]
        >>> kept_alive() - before >= 10
        True
    """
    gc.collect()  # what nobody holds any more is not kept alive
    # Not `isinstance`: it asks objects for their class, and some answer with a warning.
    waiting: list[Any] = [one.grad_fn for one in gc.get_objects() if issubclass(type(one), Tensor)]
    seen: set[Any] = set()
    while waiting and len(seen) < MOST:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        waiting += [following for following, _ in node.next_functions]
    return len(seen)
