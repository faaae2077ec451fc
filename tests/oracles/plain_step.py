"""One training pass of one user's module by plain autograd: the slow twin of a lifted pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from practicum.data.tree import take
from practicum.recipe import Recipe
from practicum.training.lift.instance import instances
from practicum.training.lift.task import ModelTask
from practicum.training.noise import Noise

LOSSES = {
    "cross_entropy": lambda out, y: F.cross_entropy(out, y, reduction="none"),
    "binary_cross_entropy": lambda out, y: F.binary_cross_entropy_with_logits(out[:, 0], y, reduction="none"),
    "squared_error": lambda out, y: (out - y).square().sum(1) / 2,
}


@dataclass(frozen=True)
class PlainStep:
    """What a pass gives: row losses (B,), gradients and buffers by name."""

    losses: Tensor
    gradients: Mapping[str, Tensor]
    buffers: Mapping[str, Tensor]


def plain_step(task: ModelTask, recipe: Recipe, rows: Tensor, step: int) -> PlainStep:
    """Build the module, run the minibatch at ``rows`` as update number ``step`` would, and differentiate."""
    (module,) = instances(task, [recipe])
    like = next(module.parameters()).detach()
    calls = iter(range(1000))

    def dropout(
        x: Any, p: float = 0.5, training: bool = True, inplace: bool = False, channels: bool = False
    ) -> Any:
        if not training:
            return x
        shape = (*x.shape[:2], *[1] * (x.dim() - 2)) if channels else x.shape
        noise = Noise([recipe.seed], f"dropout/{next(calls)}", shape, like)
        return x * noise.kept(step, like.new_tensor([p]))[0]

    def dropout2d(x: Any, *args: Any) -> Any:
        return dropout(x, *args, channels=True)

    def attention(q: Any, k: Any, v: Any, dropout_p: float = 0.0, is_causal: bool = False) -> Any:
        scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
        hidden = torch.ones_like(scores, dtype=torch.bool).triu(1) & is_causal
        weights = scores.masked_fill(hidden, -torch.inf).softmax(-1)
        return dropout(weights, dropout_p, dropout_p > 0) @ v

    batch = take(task.train, rows)
    with (
        patch.object(F, "dropout", dropout),
        patch.object(F, "dropout2d", dropout2d),
        patch.object(F, "scaled_dot_product_attention", attention),
    ):
        losses = _losses(task, module, batch)
    losses.mean().backward()
    gradients = {
        name: torch.zeros_like(value) if value.grad is None else value.grad
        for name, value in module.named_parameters()
        if value.requires_grad
    }
    frozen = {name: value for name, value in module.named_parameters() if not value.requires_grad}
    return PlainStep(losses.detach(), gradients, {**frozen, **dict(module.named_buffers())})


def _losses(task: ModelTask, module: nn.Module, batch: Any) -> Tensor:
    name = getattr(task.loss, "name", None)
    return task.loss(module, batch) if name is None else LOSSES[name](module(batch["x"]), batch["y"])
