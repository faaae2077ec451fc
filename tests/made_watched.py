"""A sound loop, watched: facts with rows, looks and a start, for tests of what follows from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from practicum.monitor.facts import Facts
from practicum.monitor.schedule import every
from practicum.monitor.session import Session


def watched(
    *,
    num_steps: int = 120,
    learning_rate: float = 0.01,
    regression: bool = False,
    inputs: Callable[[Tensor], Tensor] = lambda x: x,
    targets: Callable[[Tensor], Tensor] | None = None,
    model: nn.Module | None = None,
    loss_fn: Callable[[Tensor, Tensor], Tensor] | None = None,
    optimiser: Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer] | None = None,
    batch_size: int = 32,
    clip_norm: float = math.inf,
    rate: Callable[[int], float] = lambda _step: 1.0,
) -> Facts:
    """Return the facts of a small net that learns a sum of inputs, or its sign, with Adam if nothing else is said.

    ``rate`` is a factor on the learning rate, by step.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        chosen = model or nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 1 if regression else 2))
        loss = loss_fn or (nn.MSELoss() if regression else nn.CrossEntropyLoss())
        make = optimiser or (lambda given: torch.optim.Adam(given, lr=learning_rate))
        optimizer = make(chosen.parameters())
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
        x = torch.randn(512, 5)
        summed = x[:, :2].sum(1, keepdim=True)
        y = targets(x) if targets is not None else summed if regression else (summed[:, 0] > 0).long()
        x = inputs(x)
        session = Session(chosen, [optimizer], loss, every(10))
        session.open()
        for step in range(num_steps):
            rows = torch.arange(384) if batch_size == 384 else torch.randint(384, (batch_size,))
            optimizer.zero_grad()
            value = loss(chosen(x[rows]), y[rows])
            value.backward()
            if clip_norm < math.inf:
                nn.utils.clip_grad_norm_(chosen.parameters(), clip_norm)
            optimizer.step()
            session.step(value, x[rows], y[rows])
            scheduler.step()
            if step % 20 == 19:
                with torch.no_grad():
                    valid = float(loss(chosen(x[384:]), y[384:]))
                session.validate(valid, None, x[384:], y[384:])
        session.close()
    return session.facts
