"""What does watching a loop cost? The same plain loop with `practicum.Monitor` and without, in turns.

Two nets, batch 64, plain SGD, one thread; chunks of steps in turns within one process, medians of their ratio. The
first 600 steps, in which most is looked at, are told apart from those after. Run:

    python benchmarks/monitor_cost.py           # about 2 minutes
    python benchmarks/monitor_cost.py --quick
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from contextlib import ExitStack

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from torch import nn

from practicum import Monitor

NETS = {"14-64-64-2": (14, 64, 64, 2), "784-1000-1000-10": (784, 1000, 1000, 10)}
BATCH_SIZE = 64
BEGINNING = 600
"""Steps after which nothing but the loss and counts is looked at."""


class Loop:
    """A plain loop that can be run a chunk at a time.

    Args:
        sizes: of the layers.
        watched: whether by a monitor.
    """

    def __init__(self, sizes: tuple[int, ...], *, watched: bool, stack: ExitStack) -> None:
        torch.manual_seed(0)
        layers = [nn.Linear(a, b) for a, b in itertools.pairwise(sizes)]
        self.model = nn.Sequential(*(part for one in layers for part in (one, nn.ReLU())))[:-1]
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01)
        self.loss_fn = nn.CrossEntropyLoss()
        self.x = torch.randn(4096, sizes[0])
        self.y = torch.randint(sizes[-1], (4096,))
        self.monitor = (
            stack.enter_context(Monitor(self.model, self.optimizer, loss_fn=self.loss_fn))
            if watched
            else None
        )
        self.step = 0

    def run(self, num_steps: int) -> float:
        """Train and return the seconds a step."""
        started = time.perf_counter()
        for _ in range(num_steps):
            rows = slice(64 * (self.step % 64), 64 * (self.step % 64) + BATCH_SIZE)
            self.step += 1
            x, y = self.x[rows], self.y[rows]
            self.optimizer.zero_grad()
            loss = self.loss_fn(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            if self.monitor is not None:
                self.monitor.step(loss, inputs=x, targets=y)
        return (time.perf_counter() - started) / num_steps


def compare(name: str, num_chunks: int, chunk: int) -> dict[str, object]:
    """Return medians of the time a step, and of its ratio, in the beginning and after."""
    with ExitStack() as stack:
        loops = [Loop(NETS[name], watched=watched, stack=stack) for watched in (False, True)]
        found: dict[str, list[tuple[float, float]]] = {"beginning": [], "after": []}
        while len(found["after"]) < num_chunks:
            part = "beginning" if loops[0].step < BEGINNING else "after"
            order = loops if len(found[part]) % 2 else loops[::-1]
            seconds = {id(one): one.run(chunk) for one in order}
            found[part].append((seconds[id(loops[0])], seconds[id(loops[1])]))
    row: dict[str, object] = {"net": name}
    for part, pairs in found.items():
        plain, watched = np.array(pairs).T
        ratio = watched / plain - 1
        low, middle, high = np.quantile(ratio, (0.25, 0.5, 0.75))
        row[part] = (
            f"{middle:+.1%} (quartiles {low:+.1%} to {high:+.1%}) of {1e6 * np.median(plain):.0f} µs a step"
        )
    return row


def main() -> None:
    """Print a line a net."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in NETS:
        small = name.startswith("14")
        chunks, chunk = (5, 20) if options.quick else (40, 200 if small else 20)
        print(json.dumps(compare(name, chunks, chunk), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
