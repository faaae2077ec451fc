"""A number that tells batches apart, from few of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

SAMPLE = 64
"""Numbers that are looked at one by one, drawn once for each size; the sum over all comes to them."""


def first_tensor(value: Any) -> Tensor | None:
    """Return the first tensor with rows, however the value is nested.

    Example:
        >>> first_tensor({"mask": None, "x": torch.ones(3, 2)}).shape
        torch.Size([3, 2])
    """
    if isinstance(value, Tensor):
        return value if value.ndim else None
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple | list) else ()
    return next((found for one in parts if (found := first_tensor(one)) is not None), None)


def fingerprint(tensor: Tensor) -> int:
    """Return a number that is the same for equal tensors and, but for chance, for no others.

    Example:
        >>> fingerprint(torch.arange(6.0)) == fingerprint(torch.arange(6.0))
        True
        >>> fingerprint(torch.arange(6.0)) == fingerprint(torch.arange(6.0).flip(0))
        False
    """
    flat = plain(tensor.detach()).reshape(-1)
    chooser = torch.Generator().manual_seed(flat.numel())
    places = torch.randint(max(1, flat.numel()), (min(SAMPLE, flat.numel()),), generator=chooser)
    some = flat[places.to(flat.device)].cpu().double()
    total = flat.sum().cpu().double() if flat.numel() else some.sum()  # some devices know no double
    told = torch.cat([some, total[None]])
    return hash((tuple(tensor.shape), told.numpy().tobytes()))


def plain(tensor: Tensor) -> Tensor:
    """Return the numbers of a tensor, of a sparse one those that are stored."""
    return tensor.coalesce().values() if tensor.is_sparse else tensor


def floating(value: Any) -> Iterator[Tensor]:
    """Yield floating tensors, however they are nested, in their own precision.

    Example:
        >>> [one.dtype for one in floating({"x": torch.ones(1), "y": [torch.arange(2)]})]
        [torch.float32]
    """
    if isinstance(value, Tensor):
        if value.is_floating_point():
            yield value
    elif isinstance(value, Mapping):
        yield from floating(list(value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from floating(one)
