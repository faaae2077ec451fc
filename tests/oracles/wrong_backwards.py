"""Modules with a backward pass of their own, right or with one planted mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

MISTAKES = ("sign", "factor", "missing term", "off by one")


def spoilt(gradient: Tensor, mistake: str | None, term: Tensor) -> Tensor:
    """Return a gradient with a mistake; ``term`` is a part of it that may be missing."""
    if mistake == "sign":
        return -gradient
    if mistake == "factor":
        return 1.5 * gradient
    if mistake == "missing term":
        return gradient - term
    return gradient.roll(1, -1) if mistake == "off by one" else gradient


class _Affine(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, part: str, mistake: str | None) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.part, ctx.mistake = part, mistake
        return x @ weight.T + bias

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        found = {"input": g @ weight, "weight": g.T @ x, "bias": g.sum(0)}
        terms = {
            "input": g[:, :1] @ weight[:1],
            "weight": g[:1].T @ x[:1],
            "bias": g[0],
        }
        part = ctx.part
        found[part] = spoilt(found[part], ctx.mistake, terms[part])
        return found["input"], found["weight"], found["bias"], None, None


class _Squashed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, mistake: str | None) -> Tensor:
        y = torch.tanh(x)
        ctx.save_for_backward(y)
        ctx.mistake = mistake
        return y

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None]:
        (y,) = ctx.saved_tensors
        return spoilt(g * (1 - y**2), ctx.mistake, -g * y**2), None


class _Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, mistake: str | None) -> Tensor:
        y = torch.softmax(x, -1)
        ctx.save_for_backward(y)
        ctx.mistake = mistake
        return y

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None]:
        (y,) = ctx.saved_tensors
        shared = -y * (g * y).sum(-1, keepdim=True)
        return spoilt(y * g + shared, ctx.mistake, shared), None


class Affine(nn.Module):
    """x Wᵀ + b."""

    def __init__(self, wide: int, narrow: int, part: str = "weight", mistake: str | None = None) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(narrow, wide) / wide**0.5)
        self.bias = nn.Parameter(0.1 * torch.randn(narrow))
        self.part, self.mistake = part, mistake

    def forward(self, x: Tensor) -> Tensor:
        """Return the product."""
        out: Tensor = _Affine.apply(x, self.weight, self.bias, self.part, self.mistake)
        return out


class Pointwise(nn.Module):
    """A squashing or a softmax."""

    def __init__(self, function: Callable[..., Tensor], mistake: str | None = None) -> None:
        super().__init__()
        self.function, self.mistake = function, mistake

    def forward(self, x: Tensor) -> Tensor:
        """Return the values."""
        return self.function(x, self.mistake)


def planted(
    number: int, *, right: bool = False
) -> tuple[nn.Module, str, Callable[..., Tensor], Tensor, Tensor]:
    """Return a model, the name of the module with the mistake, loss, inputs, targets; the same for a number."""
    torch.manual_seed(number)
    mistake = None if right else MISTAKES[number % 4]
    kind = ("weight", "input", "bias", "squashed", "softmax")[number // 4 % 5]
    depth, place = 2 + number // 20 % 3, number // 60 % 2
    place = 1 if kind == "input" else place  # nobody asks for the gradient of the data
    layers: dict[str, nn.Module] = {}
    for layer in range(depth):
        mine = mistake if layer == place else None
        part = kind if layer == place and kind in ("weight", "input", "bias") else "weight"
        layers[f"affine{layer}"] = Affine(5, 5, part, mine if kind in ("weight", "input", "bias") else None)
        if number % 3 == 0:
            layers[f"relu{layer}"] = nn.ReLU(inplace=number % 2 == 0)
        function = _Softmax.apply if kind == "softmax" and layer == place else _Squashed.apply
        layers[f"squash{layer}"] = Pointwise(function, mine if kind in ("squashed", "softmax") else None)
    model = nn.Sequential()
    for name, layer_module in layers.items():
        model.add_module(name, layer_module)
    model.add_module("last", nn.Linear(5, 2))
    name = f"{'affine' if kind in ('weight', 'input', 'bias') else 'squash'}{place}"
    return model, name, nn.functional.cross_entropy, torch.randn(7, 5), torch.randint(0, 2, (7,))
