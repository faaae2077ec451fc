"""Runs a copy of the network aside from the loop: its mode, buffers and random numbers stay as they are."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from practicum.checks.doubles import same_draws

ROWS = 256
"""Rows that go through at a time."""


@torch.no_grad()
def outputs_of(model: nn.Module, x: Tensor, *, training: bool = False) -> Tensor | None:
    """Return outputs of a copy of the model, (N, …), on the CPU; None where they are no tensor.

    Args:
        model: it is not touched.
        x: inputs, (N, …).
        training: whether in training mode; otherwise in evaluation mode.

    Example:
        >>> outputs_of(nn.Linear(3, 2), torch.ones(4, 3)).shape
        torch.Size([4, 2])
    """
    double = copy.deepcopy(model).train(training)
    device = next((one.device for one in double.parameters()), x.device)
    with same_draws(0):
        parts = [double(part.to(device)) for part in torch.split(x, ROWS)]
    if not all(isinstance(one, Tensor) for one in parts):
        return None
    return torch.cat(parts).float().cpu()
