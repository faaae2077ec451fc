"""Facts about a loop that gave its rows: kept rows, a network, a loss and validations, as a monitor would have them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from practicum.monitor.answers import Answered
from practicum.monitor.facts import Facts, Trained

Pair = tuple[Tensor, Tensor]


def drawn(seed: int = 0) -> torch.Generator:
    """Return a generator of that seed."""
    return torch.Generator().manual_seed(seed)


def normal(*shape: int, seed: int = 0) -> Tensor:
    """Return standard normal numbers."""
    return torch.randn(shape, generator=drawn(seed))


def facts_of(
    train: Pair,
    valid: Pair | None = None,
    *,
    model: nn.Module | None = None,
    start: nn.Module | None = None,
    loss_fn: Callable[[Any, Any], Tensor] | None = None,
    batch_size: int = 16,
    **named: Any,
) -> Facts:
    """Return facts in which these rows were given, batch by batch, and in one validation."""
    x, y = train
    facts = Facts(**named)
    for step, place in enumerate(range(0, len(x), batch_size), 1):
        facts.sample.first.take(step, x[place : place + batch_size], y[place : place + batch_size])
    facts.num_steps = max(facts.num_steps, -(-len(x) // batch_size))
    if valid is not None:
        facts.sample.valid.take(facts.num_steps, *valid)
    if model is not None:
        facts.trained = Trained(model, (), loss_fn, copy.deepcopy(start or model))
    return facts


def answered(outputs: Tensor, targets: Tensor, error: float, step: int = 1) -> Answered:
    """Return a validation with these outputs, and the error that the loop reported."""
    return Answered(step, 1.0, error, outputs, targets)


class Fixed(nn.Module):
    """Returns what a function makes of the inputs: a network that is as good, or as bad, as is wished."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x: Tensor) -> Tensor:
        """Return the function's value, scaled."""
        return self.scale * self.function(x)
