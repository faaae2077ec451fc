"""The peers of `packs.py`, a process each: a hand-written PyTorch loop, and an Optuna worker that runs it.

python benchmarks/packs_peers.py loop|optuna NUMBER
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from packs_cells import NUM_TRAIN, Net
from packs_nets import CLIP_NORM, L1_PENALTY, L2_PENALTY, build, rows
from packs_serve import Opened, serve

PEAK_SIZES = (1024, 1536, 2048)


class Loop:
    """Trials of one net, one after another, as one writes it by hand: tensors indexed directly, `torch.optim`."""

    def __init__(self, net: Net, learning_rate: float = 0.01) -> None:
        self.net, self.learning_rate = net, learning_rate
        self.x, self.y, self.valid_x, self.valid_y = rows(net)

    def run(self, num_steps: int) -> None:
        """Train one trial."""
        self.trial(num_steps, self.learning_rate)

    def close(self) -> None:
        """Do nothing."""

    def trial(self, num_steps: int, learning_rate: float) -> float:
        """Train one trial for ``num_steps`` updates and return its best validation error."""
        model = build(self.net)
        optimizer = self._optimizer(model, learning_rate)
        weights = [p for p in model.parameters() if p.dim() > 1]
        batch_size, every = self.net.batch_size, self.net.validate_every_steps
        order, position, best = torch.randperm(NUM_TRAIN), 0, 1.0
        for step in range(1, num_steps + 1):
            if position + batch_size > NUM_TRAIN:
                order, position = torch.randperm(NUM_TRAIN), 0
            chosen = order[position : position + batch_size]
            position += batch_size
            optimizer.zero_grad()
            loss = F.cross_entropy(model(self.x[chosen]), self.y[chosen])
            if self.net.extras:
                loss = loss + L1_PENALTY / NUM_TRAIN * sum(w.abs().sum() for w in weights)
            loss.backward()
            if self.net.extras:
                nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)
            optimizer.step()
            if step % every == 0:
                best = min(best, self._validate(model))
        return best

    def _optimizer(self, model: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
        if not self.net.extras:
            return torch.optim.SGD(model.parameters(), lr=learning_rate)
        weights = {"params": [p for p in model.parameters() if p.dim() > 1]}
        biases = {"params": [p for p in model.parameters() if p.dim() == 1]}
        weights["weight_decay"] = 2 * L2_PENALTY / NUM_TRAIN
        return torch.optim.Adam([weights, biases], lr=learning_rate)

    @torch.no_grad()
    def _validate(self, model: nn.Module) -> float:
        model.eval()
        logits: Tensor = model(self.valid_x)
        F.cross_entropy(logits, self.valid_y).item()
        error = (logits.argmax(1) != self.valid_y).float().mean().item()
        model.train()
        return error


class OptunaWorker(Loop):
    """One of the workers of a random search: its own study in memory, so that nothing is lost in talking."""

    def __init__(self, net: Net, number: int) -> None:
        super().__init__(net)
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=number))

    def run(self, num_steps: int) -> None:
        """Ask for a learning rate, train, tell."""
        trial = self.study.ask()
        rate = trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True)
        self.study.tell(trial, self.trial(num_steps, rate))


def peak() -> float:
    """Return the best GFLOP/s of a float32 matrix product, over three sizes."""
    best = 0.0
    for size in PEAK_SIZES:
        a, b, out = torch.randn(size, size), torch.randn(size, size), torch.empty(size, size)
        torch.mm(a, b, out=out)
        count = max(1, round(0.2 * 80e9 / (2 * size**3)))
        start = time.perf_counter()
        for _ in range(count):
            torch.mm(a, b, out=out)
        best = max(best, 2 * size**3 * count / (time.perf_counter() - start) / 1e9)
    return best


def main() -> None:
    """Serve."""
    kind, number = sys.argv[1], int(sys.argv[2])
    if os.environ.get("OMP_NUM_THREADS") == "1":
        torch.set_num_threads(1)
    torch.manual_seed(number)

    def open_net(net: Net, options: dict[str, Any]) -> Opened:
        return Loop(net) if kind == "loop" else OptunaWorker(net, number)

    serve(open_net, peak=peak)


if __name__ == "__main__":
    main()
