"""Rows and nets for the callbacks of training libraries, and the mistakes that all of them are tested with."""

from __future__ import annotations

from typing import Any

import torch
from tests.exactly import exact
from tests.made_loops import Net
from torch import Tensor, nn

NUM_ROWS, BATCH_SIZE = 256, 16


def rows(*, nan: bool = False, num: int = NUM_ROWS) -> tuple[Tensor, Tensor]:
    """Return inputs and classes, always the same."""
    x = torch.randn(num, 6, generator=torch.Generator().manual_seed(1))
    y = (x[:, 0] + 0.5 * x[:, 1]).sign().long() + 1
    if nan:
        x[7, 2] = torch.nan
    return x, y


def net(*, softmax: bool = False, freeze: bool = False, spare: bool = False) -> Net:
    """Return a net with the same weights each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = Net(softmax=softmax, spare=spare)
    if freeze:
        made.body[0].requires_grad_(False)
    return made


def hooks_left(model: nn.Module) -> int:
    """Return the number of hooks on a model's modules and parameters."""
    names = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    on_modules = sum(len(getattr(module, name)) for module in model.modules() for name in names)
    return on_modules + sum(len(one._backward_hooks or {}) for one in model.parameters())


def same_bits(one: nn.Module, other: nn.Module) -> bool:
    """Return whether two models have the same weights and buffers, bit by bit."""
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def faults(monitor: Any) -> list[str]:
    """Return the first cause of each finding of an exact rule."""
    return [one.causes[0][0] for one in exact(monitor.findings())]
