"""What a check does to a model's inputs and outputs: double precision, fresh leaves, the same draws each time."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


def tensors_of(value: Any) -> Iterator[Tensor]:
    """Yield the floating tensors of an output, however they are nested."""
    if isinstance(value, Tensor):
        if value.is_floating_point():
            yield value.double()
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from tensors_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from tensors_of(one)


def fresh(value: Any) -> Any:
    """Return a floating tensor as a leaf that requires a gradient; anything else as it is."""
    if isinstance(value, Tensor) and value.is_floating_point():
        return value.detach().clone().requires_grad_()
    return value


def doubled(value: Any) -> Any:
    """Return floating tensors in double precision, however they are nested."""
    if isinstance(value, Tensor):
        return value.detach().double() if value.is_floating_point() else value
    if isinstance(value, tuple | list):
        return type(value)(doubled(one) for one in value)
    if isinstance(value, dict):
        return {name: doubled(one) for name, one in value.items()}
    return value


@contextmanager
def same_draws(seed: int) -> Iterator[None]:
    """Let a model draw the same numbers each time, and leave the global generators alone, those of GPUs too."""
    used = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    gpus = list(range(torch.cuda.device_count())) if used else []
    with torch.random.fork_rng(devices=gpus):
        torch.default_generator.manual_seed(seed)  # not `torch.manual_seed`, which seeds every device
        if gpus:
            torch.cuda.manual_seed_all(seed)
        yield


def own_loss(loss: Callable[[Any, Any], Tensor], *, double: bool = False) -> Callable[[Any, Any], Tensor]:
    """Return a copy of a loss that is a module, which may have weights or count what it is given; others as they are.

    Args:
        loss: a module, or a function.
        double: whether the copy is to be in double precision.
    """
    if not isinstance(loss, nn.Module):
        return loss
    own = copy.deepcopy(loss)
    return own.double() if double else own
