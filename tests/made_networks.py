"""Facts of a loop that never ran: rows, a network as it was and as it is, losses and validations."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from practicum.monitor.facts import Facts, Trained

INPUTS = 6


def rows(num: int = 300, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return inputs, and targets that are one of them, bent: what trees find easily."""
    x = torch.randn(num, INPUTS, generator=torch.Generator().manual_seed(seed))
    return x, (2 * (x[:, :1] > 0).float() - 1)


def facts_of(
    model: nn.Module,
    start: nn.Module | None = None,
    *,
    num_rows: int = 300,
    valid: bool = True,
    num_valid: int = 200,
    flip_valid: bool = False,
    losses: Sequence[float] = (),
    validations: Sequence[float] = (),
    batch_size: int = 32,
    loss_fn: Callable[[Tensor, Tensor], Tensor] = nn.functional.mse_loss,
) -> Facts:
    """Return facts about a regression; the network was as it is now unless `start` says otherwise."""
    facts = Facts(num_steps=max(100, len(losses)), losses=list(losses), batch_size=batch_size)
    facts.num_updates = facts.num_steps
    facts.sample.first.take(1, *rows(num_rows))
    facts.validations = [(10 * (k + 1), loss, None) for k, loss in enumerate(validations)]
    if valid:
        x, y = rows(num_valid, seed=1)
        facts.sample.valid.take(10, x, -y if flip_valid else y)
    facts.trained = Trained(model, (), loss_fn, start if start is not None else copy.deepcopy(model))
    return facts


def tower(
    *sizes: int, activation: type[nn.Module] = nn.ReLU, gain: float = 1.0, bias: float = 0.0
) -> nn.Module:
    """Return layers of weights with activations between; hidden ones as He draws them, times a gain."""
    parts: list[nn.Module] = []
    generator = torch.Generator().manual_seed(2)
    widths = (INPUTS, *sizes, 1)
    for place, (fan_in, width) in enumerate(itertools.pairwise(widths)):
        layer = nn.Linear(fan_in, width)
        last = place == len(widths) - 2
        scale = (1.0 if last else gain * 2**0.5) / fan_in**0.5
        with torch.no_grad():
            layer.weight.copy_(scale * torch.randn(width, fan_in, generator=generator))
            layer.bias.fill_(0.0 if last else bias)
        parts += [layer] if last else [layer, activation()]
    return nn.Sequential(*parts)


class Exact(nn.Module):
    """Says what is right, whatever it holds."""

    def __init__(self, *held: nn.Module) -> None:
        super().__init__()
        self.held = nn.ModuleList(held)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the sign of the first input."""
        return self.scale * (2 * (x[:, :1] > 0).float() - 1)


class Own(torch.autograd.Function):
    """The identity, with a backward of its own."""

    @staticmethod
    def forward(ctx, x, factor):
        """Return the input."""
        ctx.factor = factor
        return x.clone()

    @staticmethod
    def backward(ctx, *gradients):
        """Return a part of the gradient."""
        return gradients[0] * ctx.factor, None


class Layer(nn.Module):
    """Applies the function."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        """Return the input."""
        return Own.apply(x, self.factor)


def with_own(factor: float) -> nn.Module:
    """Return a network with a backward pass that somebody wrote."""
    return nn.Sequential(nn.Linear(6, 8), Layer(factor), nn.Tanh(), nn.Linear(8, 1))
