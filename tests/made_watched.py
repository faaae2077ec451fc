"""A sound loop, watched: facts with rows, looks and a start, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Callable

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
) -> Facts:
    """Return the facts of a small net that learns a sum of inputs, or its sign, with Adam."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        chosen = model or nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 1 if regression else 2))
        loss = loss_fn or (nn.MSELoss() if regression else nn.CrossEntropyLoss())
        optimizer = torch.optim.Adam(chosen.parameters(), lr=learning_rate)
        x = torch.randn(512, 5)
        summed = x[:, :2].sum(1, keepdim=True)
        y = targets(x) if targets is not None else summed if regression else (summed[:, 0] > 0).long()
        x = inputs(x)
        session = Session(chosen, [optimizer], loss, every(10))
        session.open()
        for step in range(num_steps):
            rows = torch.randint(384, (32,))
            optimizer.zero_grad()
            value = loss(chosen(x[rows]), y[rows])
            value.backward()
            optimizer.step()
            session.step(value, x[rows], y[rows])
            if step % 20 == 19:
                with torch.no_grad():
                    valid = float(loss(chosen(x[384:]), y[384:]))
                session.validate(valid, None, x[384:], y[384:])
        session.close()
    return session.facts
