"""A plain PyTorch loop, and its mistakes: each fault is one change that somebody might make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from practicum.faces.monitor import Monitor

NUM_ROWS, BATCH_SIZE, NUM_CLASSES = 256, 16, 3


class Net(nn.Module):
    """Two hidden layers with dropout and batch normalisation; a spare layer where it is asked for."""

    def __init__(self, *, spare: bool = False, softmax: bool = False) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.1))
        self.spare = nn.Linear(6, 4) if spare else None
        self.head = nn.Linear(32, NUM_CLASSES)
        self.softmax = softmax

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, (B, C)."""
        out: Tensor = self.head(self.body(x))
        return out.softmax(1) if self.softmax else out


class Logarithm(nn.Module):
    """A logarithm, also of what may be 0."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the logarithms."""
        return x.log()


@dataclass
class Loop:
    """A loop; every switch is a mistake.

    Attributes:
        num_epochs: of 16 steps and a validation.
        seed: of rows, weights and order.
    """

    num_epochs: int = 4
    seed: int = 0
    make_model: Callable[[], nn.Module] = Net
    make_optimizer: Callable[[Any], torch.optim.Optimizer] = lambda parameters: torch.optim.SGD(
        parameters, lr=0.05
    )
    loss_fn: Callable[[Any, Any], Tensor] = field(default_factory=nn.CrossEntropyLoss)
    zero_grad: bool = True
    update: bool = True
    detached: bool = False
    train_again: bool = True
    eval_first: bool = True
    same_batch: bool = False
    workers_alike: bool = False
    keep_history: bool = False
    new_head: bool = False
    freeze: bool = False
    nan_input: bool = False
    regression: bool = False
    accumulate: int = 1
    watched: bool = True
    give_rows: bool = True

    def run(self) -> Monitor:
        """Train, and return the monitor, closed."""
        monitor, _ = self.trained()
        return monitor

    def trained(self) -> tuple[Monitor, nn.Module]:
        """Train, and return monitor and model."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            x = torch.randn(NUM_ROWS, 6)
            y = (x[:, 0] + 0.5 * x[:, 1]).sign().long() + 1
            if self.regression:
                y = x[:, 0] - x[:, 1]
            if self.nan_input:
                x[7, 2] = torch.nan
            model = self.make_model()
            optimizer = self.make_optimizer(model.parameters())
            if self.new_head:
                model.head = nn.Linear(32, NUM_CLASSES)
            if self.freeze:
                model.body[0].requires_grad_(False)
            monitor = Monitor(model, optimizer, loss_fn=self.loss_fn)
            if self.watched:
                with monitor:
                    self._train(model, optimizer, x, y, monitor)
            else:
                self._train(model, optimizer, x, y, None)
            return monitor, model

    def _train(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        x: Tensor,
        y: Tensor,
        monitor: Monitor | None,
    ) -> None:
        total: Any = 0.0
        count = 0
        for epoch in range(self.num_epochs):
            if self.train_again or epoch == 0:
                model.train()
            for rows in self._order():
                count += 1
                output = model(x[rows])
                loss = self.loss_fn(output.detach() if self.detached else output, y[rows])
                if not self.detached:
                    (loss / self.accumulate).backward()
                if count % self.accumulate == 0:
                    if self.update and not self.detached:
                        optimizer.step()
                    if self.zero_grad:
                        optimizer.zero_grad()
                total = total + (loss if self.keep_history else loss.item())
                if monitor is not None and self.give_rows:
                    monitor.step(loss, inputs=x[rows], targets=y[rows])
                elif monitor is not None:
                    monitor.step(loss)
            if self.eval_first:
                model.eval()
            with torch.no_grad():
                losses = [
                    self.loss_fn(model(part), label)
                    for part, label in zip(x.split(64), y.split(64), strict=True)
                ]
            if monitor is not None:
                monitor.validate(float(torch.stack(losses).mean()))

    def _order(self) -> list[Tensor]:
        order = list(torch.randperm(NUM_ROWS).split(BATCH_SIZE))
        if self.same_batch:
            return [torch.arange(BATCH_SIZE)] * len(order)
        if self.workers_alike:
            half = order[: len(order) // 2]
            return [rows for pair in zip(half, half, strict=True) for rows in pair]
        return order


def quiet_mse(output: Tensor, target: Tensor) -> Tensor:
    """Return the squared error without PyTorch's warning."""
    return ((output - target) ** 2).mean()


MISTAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "C1": ("R001", {"zero_grad": False}),
    "C2": ("R002", {"update": False}),
    "C3": ("R003", {"detached": True}),
    "C4": ("R004", {"train_again": False}),
    "C5": ("R005", {"eval_first": False}),
    "C6": ("R006", {"same_batch": True}),
    "C7": ("R007", {"workers_alike": True}),
    "C8": ("R008", {"keep_history": True, "num_epochs": 6}),
    "A10": ("R009", {"make_model": lambda: Net(spare=True)}),
    "A11": ("R010", {"new_head": True}),
    "A12": ("R011", {"freeze": True}),
    "D3": ("R013", {"nan_input": True}),
    "L1": ("loss-fit", {"make_model": lambda: Net(softmax=True)}),
    "O15": (
        "R012",
        {
            "make_model": lambda: nn.Sequential(nn.Linear(6, 16), nn.ReLU(), Logarithm(), nn.Linear(16, 3)),
        },
    ),
    "L2": (
        "loss-fit",
        {
            "make_model": lambda: nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0)),
            "loss_fn": lambda output, target: nn.functional.mse_loss(output, target.float()),
        },
    ),
    "L7": (
        "loss-fit",
        {
            "make_model": lambda: nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1)),
            "loss_fn": quiet_mse,
            "regression": True,
        },
    ),
    "L5": (
        "loss-fit",
        {
            "loss_fn": nn.CrossEntropyLoss(reduction="sum"),
            "make_optimizer": lambda p: torch.optim.SGD(p, lr=0.002),
        },
    ),
}
"""By fault: the rule that names it, and the change to a sound loop."""

SOUND: dict[str, dict[str, Any]] = {
    "plain": {},
    "adam": {"make_optimizer": lambda parameters: torch.optim.AdamW(parameters, lr=1e-3)},
    "momentum": {"make_optimizer": lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9)},
    "accumulating": {"accumulate": 4},
    "without rows": {"give_rows": False},
    "another seed": {"seed": 3},
    "long": {"num_epochs": 8},
    "no modes": {
        "make_model": lambda: nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 3)),
        "eval_first": False,
    },
}
"""Loops without a mistake."""
