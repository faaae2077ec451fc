"""Which module's own backward pass is wrong: each is checked alone, on what it was given [4.1-05]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.derivatives import Scalar, compare
from practicum.checks.doubles import fresh, same_draws, tensors_of

NUM_ENTRIES = 2
"""Entries of each tensor that are compared, besides a direction through all of them: one module is little to check."""


def modules_at_fault(model: nn.Module, loss: Scalar, epsilon: float, seed: int) -> tuple[str, ...]:
    """Return the innermost modules whose own backward pass is wrong, in the model's order.

    Args:
        model: in double precision.
        loss: runs the model.
        epsilon: the longest step.
        seed: of directions, of weights, and of what modules draw themselves.

    Returns:
        Names; "" is the model itself, whose own operations are at fault where none of its parts is.
    """
    calls: dict[str, tuple[list[Any], dict[str, Any]]] = {}

    def noting(name: str) -> Callable[..., None]:
        def note(module: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
            if name not in calls:  # of a module that is used again the first use stands for all
                calls[name] = ([fresh(one) for one in given], named)

        return note

    hooks = [
        module.register_forward_pre_hook(noting(name), with_kwargs=True)
        for name, module in model.named_modules()
    ]
    try:
        loss()
    finally:
        for hook in hooks:
            hook.remove()
    found: list[str] = []
    modules = dict(model.named_modules())
    for name in sorted(calls, key=_depth, reverse=True):
        inside = f"{name}." if name else ""
        if any(one.startswith(inside) for one in found):
            continue
        if _is_wrong(modules[name], *calls[name], epsilon, seed):
            found.append(name)
    return tuple(sorted(found, key=list(modules).index))


def _depth(name: str) -> int:
    """Return how deep a module lies; the model itself, "", at 0."""
    return name.count(".") + 1 if name else 0


def _is_wrong(
    module: nn.Module, inputs: list[Any], named: Mapping[str, Any], epsilon: float, seed: int
) -> bool:
    """Return whether the backward pass of one module is wrong, for outputs weighted at random."""
    chooser = torch.Generator().manual_seed(seed)
    weights: list[Tensor] = []

    def scalar() -> Tensor:
        with same_draws(seed):
            # Copies, for a module may write into what it is given.
            given = [one.clone() if isinstance(one, Tensor) else one for one in inputs]
            outputs = list(tensors_of(module(*given, **named)))
        while len(weights) < len(outputs):
            like = outputs[len(weights)]
            weights.append(torch.randn(like.shape, generator=chooser, dtype=torch.float64).to(like.device))
        return torch.stack([(weight * one).sum() for weight, one in zip(weights, outputs, strict=True)]).sum()

    tensors = {
        f"input {k}": one for k, one in enumerate(inputs) if isinstance(one, Tensor) and one.requires_grad
    }
    tensors |= {name: one for name, one in module.named_parameters() if one.requires_grad}
    if not tensors or not scalar().requires_grad:
        return False
    return any(one.wrong for one in compare(scalar, tensors, epsilon, NUM_ENTRIES, chooser))
