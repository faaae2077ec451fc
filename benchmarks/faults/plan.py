"""A plain training program as data: rows, net, optimiser, schedule and loop.

A fault is a change of a plan, a repair a change back (`dataclasses.replace`); so both are small, can be listed, and
never touch the code of the loop. `run` in `loop.py` does what a plan says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from benchmarks.faults.losses import LOSSES
from benchmarks.faults.nets import Net, build
from torch import Tensor, nn

Batch = tuple[Tensor, Tensor]


@dataclass(frozen=True, eq=False)
class Rows:
    """Inputs and targets of training, validation and test."""

    train: Batch
    valid: Batch
    test: Batch

    def map_x(self, change: Callable[[Tensor], Tensor], parts: str = "train valid test") -> Rows:
        """Return rows whose inputs are changed, in the parts named."""
        return replace(
            self, **{name: (change(getattr(self, name)[0]), getattr(self, name)[1]) for name in parts.split()}
        )

    def map_y(self, change: Callable[[Tensor], Tensor], parts: str = "train valid test") -> Rows:
        """Return rows whose targets are changed, in the parts named."""
        return replace(
            self, **{name: (getattr(self, name)[0], change(getattr(self, name)[1])) for name in parts.split()}
        )


@dataclass(frozen=True)
class Optimiser:
    """What updates the weights.

    Attributes:
        kind: "sgd", "adam", "adamw" or "rmsprop".
        slow_first: factor on the rate of all layers but the last two.
        spare_decay: whether biases and norms are left out of the decay.
    """

    kind: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0
    epsilon: float = 1e-8
    beta2: float = 0.999
    slow_first: float = 1.0
    spare_decay: bool = False


@dataclass(frozen=True)
class Schedule:
    """How the rate changes: by a scheduler of PyTorch that is stepped each step, or each epoch.

    Attributes:
        kind: "none", "cosine", "step" or "warm-up".
        period: of "step", in steps of the scheduler; of "warm-up", how long it rises.
        factor: of "step", at each period.
        each: "step" or "epoch", when the scheduler is stepped.
    """

    kind: str = "none"
    period: int = 100
    factor: float = 0.3
    each: str = "step"


@dataclass(frozen=True)
class Loop:
    """Switches of the training loop; the default of each is sound."""

    zero_grad: bool = True
    update: bool = True
    detach: str = ""  # "output", "wrapped" or "no_grad": no gradient reaches the weights
    train_mode: bool = True  # False: model.eval() at the start, and never again training
    eval_mode: bool = True  # False: validation in training mode
    same_batch: bool = False
    num_twins: int = 1  # workers that draw alike: each batch comes so many times
    order: str = "shuffled"  # or "sorted" (by target), "unseeded"
    drop_last: bool = True
    accumulate: int = 1
    clip_norm: float = 0.0
    keep_history: bool = False
    wait_seconds: float = 0.0  # that a batch takes to come
    augment: str = ""  # "noise", or "same noise" (each epoch alike)
    new_head: bool = False  # the last layer is replaced after the optimiser was made
    freeze: int = 0  # layers, from the first, without gradient
    metric: str = (
        "right"  # what the program reports: or "wrong axis", "threshold", "accuracy as error", "scaled"
    )
    add_stage: str = ""  # "broadcast": targets get an axis before the loss


@dataclass(frozen=True, eq=False)
class Plan:
    """A program: what `run` does, all of it."""

    name: str
    kind: (
        str  # "classes" (logits, K), "binary" (one logit), "numbers" (one output), "tags" (K logits a place)
    )
    rows: Rows
    net: Net
    optimiser: Optimiser = field(default_factory=Optimiser)
    schedule: Schedule = field(default_factory=Schedule)
    loop: Loop = field(default_factory=Loop)
    loss: str = "cross-entropy"
    reduction: str = "mean"
    class_weights: bool = False
    smoothing: float = 0.0
    batch_size: int = 32
    num_steps: int = 400
    validate_every: int = 40
    valid_rows: int = 0  # 0: all; -1: no validation
    keep_best: bool = False
    seed: int = 0

    @property
    def num_classes(self) -> int:
        """Classes, or 0 where numbers are predicted."""
        return {"classes": self.net.num_outputs, "tags": self.net.num_outputs, "binary": 2}.get(self.kind, 0)

    @property
    def steps_per_epoch(self) -> int:
        """Minibatches of an epoch."""
        return max(1, len(self.rows.train[0]) // self.batch_size)

    def with_(self, **changes: Any) -> Plan:
        """Return the plan with changes; those of a part are named like `net__dropout=0.5`."""
        parts: dict[str, dict[str, Any]] = {}
        plain: dict[str, Any] = {}
        for name, value in changes.items():
            part, _, inner = name.partition("__")
            if inner:
                parts.setdefault(part, {})[inner] = value
            else:
                plain[name] = value
        for part, inside in parts.items():
            plain[part] = replace(plain.get(part, getattr(self, part)), **inside)
        return replace(self, **plain)

    def make_model(self) -> nn.Module:
        """Return a new network; draws from PyTorch's generator."""
        return build(self.net)

    def make_optimizer(self, model: nn.Module) -> torch.optim.Optimizer:
        """Return the optimiser of a network."""
        opt = self.optimiser
        groups = _groups(model, opt)
        common: dict[str, Any] = {"lr": opt.learning_rate, "weight_decay": opt.weight_decay}
        if opt.kind == "sgd":
            return torch.optim.SGD(groups, momentum=opt.momentum, nesterov=opt.nesterov, **common)
        if opt.kind == "rmsprop":
            return torch.optim.RMSprop(groups, alpha=0.99, eps=opt.epsilon, momentum=opt.momentum, **common)
        make = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[opt.kind]
        beta1 = opt.momentum or 0.9
        return make(groups, betas=(beta1, opt.beta2), eps=opt.epsilon, **common)

    def make_scheduler(self, optimizer: torch.optim.Optimizer) -> Any:
        """Return the scheduler, or None."""
        plan, kinds = self.schedule, torch.optim.lr_scheduler
        length = self.num_steps if plan.each == "step" else max(1, self.num_steps // self.steps_per_epoch)
        if plan.kind == "cosine":
            return kinds.CosineAnnealingLR(optimizer, T_max=length)
        if plan.kind == "step":
            return kinds.StepLR(optimizer, step_size=max(1, plan.period), gamma=plan.factor)
        if plan.kind == "warm-up":
            return kinds.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / plan.period))
        return None

    def make_loss(self) -> nn.Module:
        """Return the loss, a module of outputs and targets."""
        weight = None
        if self.class_weights:
            counts = torch.bincount(
                self.rows.train[1].flatten().long().clamp(min=0), minlength=self.num_classes
            ).float()
            weight = counts.sum() / (counts.clamp(min=1) * len(counts))
        return LOSSES[self.loss](self.reduction, weight, self.smoothing)


def tagger(name: str, rows: Rows, net: Net) -> Plan:
    """Return the sound program of a task that labels each place of a sequence."""
    return Plan(name, "tags", rows, net, Optimiser("adam", 1e-2), num_steps=300, validate_every=30)


def _groups(model: nn.Module, opt: Optimiser) -> list[dict[str, Any]]:
    """Return groups of parameters; a single one unless the plan asks for more."""
    named = [(name, one) for name, one in model.named_parameters() if one.requires_grad]
    if opt.slow_first != 1.0:
        cut = max(1, len(named) - 2)
        slow = [one for _, one in named[:cut]]
        return [
            {"params": slow, "lr": opt.learning_rate * opt.slow_first},
            {"params": [one for _, one in named[cut:]]},
        ]
    if opt.spare_decay:
        plain = [one for _, one in named if one.ndim < 2]
        return [
            {"params": [one for _, one in named if one.ndim >= 2]},
            {"params": plain, "weight_decay": 0.0},
        ]
    return [{"params": [one for _, one in named]}]


def run(plan: Plan, watcher: Any = None, last: int | None = None) -> Any:
    """Do what a plan says; see `benchmarks.faults.loop.run`."""
    from benchmarks.faults.loop import run as run_loop

    return run_loop(plan, watcher, last)
