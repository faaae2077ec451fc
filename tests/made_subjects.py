"""Loops as an experiment knows them: a small net on rows that it can learn, at whatever state a test asks for."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from practicum.diagnose.evidence.subject import Subject, Twin, twin_of

NUM_TRAIN, NUM_VALID, NUM_INPUTS = 256, 128, 6


def made_net() -> nn.Sequential:
    """Return a net with dropout and batch normalisation, always the same."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(
            nn.Linear(NUM_INPUTS, 16),
            nn.BatchNorm1d(16),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(16, 16),
            nn.ReLU(),
            nn.Linear(16, 2),
        )


def made_subject(
    make: Callable[[Any], torch.optim.Optimizer] = lambda parameters: torch.optim.SGD(parameters, lr=0.1),
    *,
    model: nn.Module | None = None,
    num_steps: int = 0,
    valid: bool = True,
    scale: float = 1.0,
    loss_fn: Any = None,
) -> Subject:
    """Return a loop after so many steps; two classes, told by the sum of two inputs."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        x = torch.randn(NUM_TRAIN + NUM_VALID, NUM_INPUTS)
        y = (x[:, 0] + x[:, 1] > 0).long()
        x = x * scale
        model = model or made_net()
        start = copy.deepcopy(model.state_dict())
        optimizer, loss_fn = make(model.parameters()), loss_fn or nn.CrossEntropyLoss()
        for _ in range(num_steps):
            rows = torch.randint(NUM_TRAIN, (32,))
            optimizer.zero_grad()
            loss_fn(model(x[rows]), y[rows]).backward()
            optimizer.step()
    train, held = slice(NUM_TRAIN), slice(NUM_TRAIN, None)
    rows_of = (x[train], y[train], *((x[held], y[held]) if valid else ()))
    return Subject(model, optimizer, loss_fn, *rows_of, batch_size=32, start=start)


def made_twin(
    make: Callable[[Any], torch.optim.Optimizer] = lambda parameters: torch.optim.SGD(parameters, lr=0.1),
    model: nn.Module | None = None,
    **options: Any,
) -> Twin:
    """Return a copy of such a loop."""
    return twin_of(made_subject(make, model=model, **options), 40)
