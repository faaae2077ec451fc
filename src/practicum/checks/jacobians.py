"""How much a module stretches what goes through it: singular values of its Jacobian, by example.

Source: Bengio 2012, 6.1-05.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.doubles import same_draws, tensors_of

MAX_ENTRIES = 65_536
"""Entries of a Jacobian up to which all its singular values are computed; beyond, only what random probes tell."""

NUM_DIRECTIONS = 16
"""Random directions for a Jacobian that is too large."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """How much a module stretches small changes, averaged over examples.

    Attributes:
        root_mean_square: of the singular values, min(inputs, outputs) of them: near 1 where variance is preserved.
        largest: singular value; None where the Jacobian was too large.
        median: the same.
        smallest: the same.
    """

    root_mean_square: float
    largest: float | None
    median: float | None
    smallest: float | None


def stretch(module: nn.Module, inputs: Tensor, num_examples: int, chooser: torch.Generator) -> Stretch | None:
    """Return the singular values of the Jacobian of each of some examples' output by its input, averaged.

    Args:
        module: takes and returns one tensor, the first axis the examples'; it is run in evaluation mode.
        inputs: what it was given.
        num_examples: the first so many are looked at.
        chooser: of random directions.

    Returns:
        None where the output has no derivative by the input, or no row for each example.

    Example:
        >>> layer = nn.Linear(2, 2, bias=False)
        >>> _ = layer.weight.data.copy_(torch.diag(torch.tensor([3.0, 1.0])))
        >>> found = stretch(layer, torch.ones(4, 2), 2, torch.Generator())
        >>> round(found.largest, 6), round(found.smallest, 6), round(found.root_mean_square**2, 6)
        (3.0, 1.0, 5.0)
    """
    if not inputs.is_floating_point() or inputs.dim() < 2:
        return None
    alone = copy.deepcopy(module).eval()
    found = []
    for place in range(min(num_examples, len(inputs))):
        point = inputs.detach()[place : place + 1].clone().requires_grad_()
        with torch.enable_grad(), same_draws(0):
            # A copy goes in, for a module may write into what it is given.
            output = next(tensors_of(alone(point.clone())), None)
        if output is None or not output.requires_grad or output.shape[:1] != (1,):
            return None
        found.append(_of_one(output, point, chooser))
    return Stretch(*(_mean([getattr(one, name) for one in found]) for name in Stretch.__slots__))  # type: ignore[arg-type]


def _of_one(output: Tensor, point: Tensor, chooser: torch.Generator) -> Stretch:
    """Return the singular values for one example."""
    num_outputs, num_inputs = output.numel(), point.numel()
    smaller = min(num_outputs, num_inputs)
    exact = num_outputs * num_inputs <= MAX_ENTRIES
    if exact:
        directions = torch.eye(num_outputs, dtype=output.dtype, device=output.device)
    else:
        shape = (NUM_DIRECTIONS, num_outputs)
        directions = torch.randn(shape, generator=chooser, dtype=torch.float64).to(output)
    rows = torch.stack([_pulled(output, point, one) for one in directions])
    if not exact:
        total = float(rows.square().sum()) / len(directions)  # E‖uJ‖² = ‖J‖² for u of variance 1
        return Stretch(math.sqrt(total / smaller), None, None, None)
    values = torch.linalg.svdvals(rows)
    size = math.sqrt(float(values.square().sum()) / smaller)
    return Stretch(size, float(values[0]), float(values.median()), float(values[-1]))


def _pulled(output: Tensor, point: Tensor, direction: Tensor) -> Tensor:
    """Return the gradient of one combination of outputs, flat."""
    # Not as `grad_outputs`: on first use PyTorch would import seconds' worth of symbolic algebra to check its shape.
    with torch.enable_grad():
        combined = (output * direction.view(output.shape)).sum()
    (gradient,) = torch.autograd.grad(combined, point, retain_graph=True, allow_unused=True)
    return torch.zeros_like(point).ravel() if gradient is None else gradient.ravel()


def _mean(values: list[Any]) -> float | None:
    """Return the mean; None where there are none."""
    return None if any(one is None for one in values) else sum(values) / len(values)
