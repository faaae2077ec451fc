"""The slow twin of training: one trial, plain autograd, every rule written as its formula.

Nothing is batched over trials, nothing is padded, nothing is kept in buffers. Shared with the engine are only the
initial values, the order of examples and the module that a user gets back.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from practicum.data.dataset import Dataset
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.train.order import Order


@dataclass(frozen=True)
class Trained:
    """Parameters and their running average after training, named as in the module."""

    parameters: dict[str, Tensor]
    average: dict[str, Tensor]


def untrained(network: Network, recipe: Recipe, dtype: torch.dtype = torch.float64) -> MLP:
    """Return the module at its initial values, which are not rounded to float32 on the way."""
    module = MLP(network).to(dtype)
    values = initial_parameters(network, recipe.seed, recipe.init_scale)
    module.load_state_dict({name: torch.from_numpy(value) for name, value in values.items()})
    return module


def mean_loss(task: str, logits: Tensor, target: Tensor) -> Tensor:
    """Return −log likelihood, or ½ squared error summed over outputs, averaged over examples [3.2-26]."""
    if task == "multiclass":
        return F.cross_entropy(logits, target.argmax(1))
    if task == "binary":
        return F.binary_cross_entropy_with_logits(logits, target)
    return 0.5 * ((logits - target) ** 2).sum(1).mean()


def learning_rate(recipe: Recipe, t: int) -> float:
    """Return ε₀ (τ/max(t, τ))^α; updates are counted from 1 [3.1-03/04]."""
    if recipe.decay_start_step is None:
        return recipe.learning_rate
    tau = recipe.decay_start_step
    return recipe.learning_rate * (tau / max(t, tau)) ** recipe.decay_exponent


def penalty_gradient(recipe: Recipe, name: str, value: Tensor, num_rows: int) -> Tensor:
    """Return (2λ₂θ + λ₁ sign θ)/T for a parameter, 0 for a bias that is spared [3.2-05..07, erratum E6]."""
    kind, index, part = name.split(".")
    if part == "bias" and not recipe.penalise_biases:
        return torch.zeros_like(value)
    layer = int(index) if kind == "layers" else 0  # an embedding belongs to the first layer
    l1, l2 = (p[layer] if isinstance(p, tuple) else p for p in (recipe.l1_penalty, recipe.l2_penalty))
    return (2 * l2 * value + l1 * value.sign()) / num_rows


def train(
    network: Network, recipe: Recipe, data: Dataset, num_steps: int, dtype: torch.dtype = torch.float64
) -> Trained:
    """Return what ``num_steps`` updates on ``data`` make of one trial."""
    module = untrained(network, recipe, dtype)
    order = Order(len(data), recipe.batch_size, recipe.seed, recipe.batch_order)
    x, target = data.x.to(dtype), data.target.to(dtype)
    mean_gradient = {name: torch.zeros_like(p) for name, p in module.named_parameters()}
    average = {name: p.detach().clone() for name, p in module.named_parameters()}
    for i in range(num_steps):
        rows = order.batches(i, 1)[0]
        loss = mean_loss(network.task, module(x[rows], data.codes[rows]), target[rows])
        gradients = torch.autograd.grad(loss, list(module.parameters()))
        rate, mu = learning_rate(recipe, i + 1), recipe.momentum
        weight = 1 - min(recipe.averaging, i / (i + 1))
        with torch.no_grad():
            for (name, value), gradient in zip(module.named_parameters(), gradients, strict=True):
                whole = gradient + penalty_gradient(recipe, name, value, len(data))
                mean_gradient[name] = mu * mean_gradient[name] + (1 - mu) * whole
                value.sub_(rate * mean_gradient[name])
                average[name] = (1 - weight) * average[name] + weight * value
    return Trained({name: p.detach().clone() for name, p in module.named_parameters()}, average)
