"""The slow twin of lifted training: one trial of any module in a plain PyTorch loop, as its user would write it.

Nothing is batched over trials. The optimisers are those of `torch.optim` and `schedulefree`; penalties are formulas on
the weights; dropout is torch's own function, patched so that its masks come from the trial's named noise. Shared with
the product are only that noise, the order of examples, the seeded generator that builds the module, and which layer a
parameter belongs to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import torch
import torch.nn.functional as F
from tests.oracles.loop import learning_rate, optimizer_of, sparsity
from torch import Tensor, nn

from practicum.data.tree import mapped, num_rows, take
from practicum.recipe import Recipe
from practicum.training.lift.losses import NamedLoss
from practicum.training.lift.places import roles_of
from practicum.training.lift.seeded import seeded
from practicum.training.lift.task import ModelTask
from practicum.training.noise import Noise
from practicum.training.order import Order

CPU = torch.device("cpu")
WATCHED = (nn.Tanh, nn.ReLU, nn.PReLU, nn.SiLU, nn.GELU, nn.Sigmoid)
"""Activation modules of the zoo, whose outputs a sparsity penalty falls on."""

NAMED: Mapping[str, Callable[[Tensor, Tensor, float], Tensor]] = {
    "cross_entropy": lambda z, y, s: F.cross_entropy(z, y, reduction="none", label_smoothing=s),
    "binary_cross_entropy": lambda z, y, s: F.binary_cross_entropy_with_logits(
        z.flatten(), y, reduction="none"
    ),
    "squared_error": lambda z, y, s: 0.5 * ((z - y) ** 2).sum(1),
}
"""Losses of each example from outputs, targets and label smoothing."""


@dataclass
class Trained:
    """What one trial's training has made.

    Attributes:
        parameters: trainable parameters, by name.
        predicting: those that predict: the same, their average, or the rule's own.
        buffers: what else the module holds, by name.
        curve: mean validation loss before the first update and at each validation.
    """

    parameters: dict[str, Tensor]
    predicting: dict[str, Tensor]
    buffers: dict[str, Tensor]
    curve: list[float] = field(default_factory=list)


def built(task: ModelTask, recipe: Recipe) -> nn.Module:
    """Return the untrained module of the trial."""
    with seeded(recipe.seed, "build", 0, CPU):
        module = task.build(recipe)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.dim() >= 2 and parameter.requires_grad:
                parameter.mul_(recipe.init_scale)
    return module


@contextmanager
def patched_dropout(recipe: Recipe, step: int) -> Iterator[None]:
    """Let torch's dropout take its masks from the trial's noise of this update."""
    calls = 0
    attend = F.scaled_dot_product_attention

    def masked(x: Tensor, rate: float, shape: tuple[int, ...]) -> Tensor:
        nonlocal calls
        noise = Noise([recipe.seed], f"dropout/{calls}", shape, x)
        calls += 1
        return x * noise.kept(step, torch.tensor([rate], dtype=torch.float64))[0]

    def units(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        return masked(x, p, tuple(x.shape)) if training else x

    def channels(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        return masked(x, p, (*x.shape[:2], *[1] * (x.dim() - 2))) if training else x

    def attention(q: Tensor, k: Tensor, v: Tensor, dropout_p: float = 0.0, is_causal: bool = False) -> Tensor:
        if not dropout_p:
            return attend(q, k, v, is_causal=is_causal)
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        if is_causal:
            later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
            scores = scores.masked_fill(later, -torch.inf)
        weights = scores.softmax(-1)
        return masked(weights, dropout_p, tuple(weights.shape)) @ v

    patches = {"dropout": units, "dropout2d": channels, "scaled_dot_product_attention": attention}
    with mock.patch.multiple(F, **patches):
        yield


def corrupted(recipe: Recipe, x: Tensor, path: str, step: int) -> Tensor:
    """Return an input of the model with the noise of this update."""
    if not recipe.corruption_level or not x.is_floating_point():
        return x
    which, value = (
        Noise([recipe.seed], f"corruption/{path}{part}", tuple(x.shape), x) for part in ("", "/value")
    )
    if recipe.corruption == "gaussian":
        return x + recipe.corruption_level * which.normal(step)[0]
    kept = which.uniform_at_least(step, x.new_tensor([recipe.corruption_level]))[0]
    if recipe.corruption == "masking":
        return x * kept
    return torch.where(kept, x, value.uniform_at_least(step, x.new_tensor([0.5]))[0].to(x))


def row_losses(task: ModelTask, model: Any, batch: Any, smoothing: float = 0.0) -> Tensor:
    """Return the loss of each example, (B,)."""
    if isinstance(task.loss, NamedLoss):
        return NAMED[task.loss.name](model(batch["x"]), batch["y"], smoothing)
    return task.loss(model, batch)


def training_loss(task: ModelTask, recipe: Recipe, module: nn.Module, batch: Any, step: int) -> Tensor:
    """Return what the update descends, parameter penalties apart."""
    calls, outputs = 0, []

    def model(*args: Tensor, **kwargs: Tensor) -> Any:
        nonlocal calls
        paths = {n: f"{calls}/{n}" for n in (*range(len(args)), *kwargs)}
        calls += 1
        noisy = [corrupted(recipe, x, paths[n], step) for n, x in enumerate(args)]
        return module(*noisy, **{n: corrupted(recipe, x, paths[n], step) for n, x in kwargs.items()})

    hooks = [
        part.register_forward_hook(lambda _, __, out: outputs.append(out))
        for part in module.modules()
        if recipe.sparsity_penalty and isinstance(part, WATCHED)
    ]
    with patched_dropout(recipe, step):
        loss = row_losses(task, model, batch, recipe.label_smoothing).mean()
    for hook in hooks:
        hook.remove()
    return loss + recipe.sparsity_penalty * sum(sparsity(recipe, h) for h in outputs)


def descent(recipe: Recipe, module: nn.Module) -> torch.optim.Optimizer:
    """Return the recipe's optimiser, a group a parameter."""
    if recipe.update_rule != "sgd":
        return optimizer_of(recipe, module)
    assert recipe.initial_momentum is None, (
        "torch's momentum is a sum, which a changing momentum tells from a mean"
    )
    groups = [{"params": [p], "name": name} for name, p in module.named_parameters()]
    return torch.optim.SGD(groups, lr=1.0, momentum=recipe.momentum, nesterov=recipe.nesterov)


class Twin:
    """One trial: module, optimiser, running average.

    Args:
        task: how to build the module, its loss, the data.
        recipe: of the trial.
    """

    def __init__(self, task: ModelTask, recipe: Recipe) -> None:
        self.task, self.recipe, self.module = task, recipe, built(task, recipe)
        self.named = {n: p for n, p in self.module.named_parameters() if p.requires_grad}
        self.roles = roles_of(self.module)
        self.optimizer = descent(recipe, self.module)
        self.average = {name: p.detach().clone() for name, p in self.named.items()}
        self.order = Order(num_rows(task.train), recipe.batch_size, recipe.seed, recipe.batch_order)
        self.schedule_free = recipe.update_rule.startswith("schedule_free")
        if self.schedule_free:
            self.optimizer.train()

    def penalties(self, name: str) -> tuple[float, float]:
        """Return λ₁/T and λ₂/T of a parameter; those of one axis are spared unless the recipe says otherwise."""
        if self.named[name].dim() < 2 and not self.recipe.penalise_biases:
            return 0.0, 0.0
        layer, rows = self.roles[name].layer, num_rows(self.task.train)
        both = (self.recipe.l1_penalty, self.recipe.l2_penalty)
        l1, l2 = (p[layer] if isinstance(p, tuple) else p for p in both)
        return l1 / rows, l2 / rows

    def rate_factor(self, name: str) -> float:
        """Return the product of a parameter's multipliers."""
        factor = self.recipe.bias_rate_multiplier if self.named[name].dim() < 2 else 1.0
        layers = self.recipe.layer_rate_multipliers
        return factor if layers is None else factor * layers[self.roles[name].layer]

    def step(self, i: int) -> None:
        """Do update number ``i``, from 0."""
        recipe = self.recipe
        batch = take(self.task.train, self.order.batches(i, 1)[0])
        loss = training_loss(self.task, recipe, self.module, batch, i)
        gradients = torch.autograd.grad(
            loss, list(self.named.values()), allow_unused=True, materialize_grads=True
        )
        rate = learning_rate(recipe, i + 1)
        with torch.no_grad():
            for (name, value), gradient in zip(self.named.items(), gradients, strict=True):
                l1, l2 = self.penalties(name)
                plain = l1 if recipe.l1_step == "plain" else 0.0
                value.grad = gradient + plain * value.sign() + 2 * l2 * value
            if recipe.clip_norm is not None:
                torch.nn.utils.clip_grad_norm_(self.named.values(), recipe.clip_norm)
            for group in self.optimizer.param_groups:
                group["lr"] = rate * (1 - recipe.momentum)
                if group["name"] in self.named:
                    group["lr"] *= self.rate_factor(group["name"])
            self.optimizer.step()
            for name, value in self.named.items():
                self.constrain(name, value, rate * self.rate_factor(name))
                weight = 1 - min(recipe.averaging, i / (i + 1))
                self.average[name] = (1 - weight) * self.average[name] + weight * value

    def constrain(self, name: str, value: Tensor, rate: float) -> None:
        """Do what acts on a parameter itself: the proximal step of L1, the largest norm of a unit's weights."""
        l1, _ = self.penalties(name)
        if self.recipe.l1_step == "proximal" and l1:
            value.copy_(value.sign() * (value.abs() - rate * l1).clamp(min=0))
        if self.recipe.max_norm is not None and value.dim() >= 2 and self.roles[name].kind != "embedding":
            norms = value.flatten(1).norm(dim=1).clamp(min=1e-30)
            value.mul_((self.recipe.max_norm / norms).clamp(max=1).view(-1, *[1] * (value.dim() - 1)))

    def present(self) -> dict[str, Tensor]:
        """Return copies of the trainable parameters."""
        return {name: p.detach().clone() for name, p in self.named.items()}

    def predicting(self) -> dict[str, Tensor]:
        """Return copies of the parameters that predict."""
        if not self.schedule_free:
            return self.average if self.recipe.averaging else self.present()
        self.optimizer.eval()
        found = self.present()
        self.optimizer.train()
        return found

    def validation_loss(self) -> float:
        """Return the mean loss of the validation rows."""
        mine = self.present()
        self._put(self.predicting())
        self.module.eval()
        losses = row_losses(self.task, self.module, mapped(self.task.valid, torch.clone))
        self.module.train()
        self._put(mine)
        return float(losses.detach().mean())

    def _put(self, values: Mapping[str, Tensor]) -> None:
        with torch.no_grad():
            for name, value in values.items():
                self.named[name].copy_(value)


def train(task: ModelTask, recipe: Recipe, num_steps: int) -> Trained:
    """Return what ``num_steps`` updates make of one trial; validated as often as the recipe says.

    Args:
        task: how to build the module, its loss, the data.
        recipe: of the trial; ``validate_every_steps`` is a number.
        num_steps: updates.
    """
    twin = Twin(task, recipe)
    curve = [twin.validation_loss()]
    for i in range(num_steps):
        twin.step(i)
        if (i + 1) % recipe.validate_every_steps == 0:
            curve.append(twin.validation_loss())
    buffers = {
        **{n: p.detach() for n, p in twin.module.named_parameters() if not p.requires_grad},
        **dict(twin.module.named_buffers()),
    }
    return Trained(twin.present(), twin.predicting(), buffers, curve)
