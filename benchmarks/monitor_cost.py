"""What does watching a loop cost? The same plain loop with `practicum.Monitor`, with others and without, in turns.

Two nets, batch 64, plain SGD, one thread; chunks of steps in turns within one process, medians of their ratio. The
first 600 steps, in which most is looked at, are told apart from those after. The monitor is told loss, inputs and
targets: at its default schedule, and looking closely at every step. torchmortem beside it, and Cockpit's economy preset
at every step, where they are installed (benchmarks/faults/peers.py says how; Cockpit is cockpit-for-pytorch). Run:

    python -m benchmarks.monitor_cost           # about 4 minutes
    python -m benchmarks.monitor_cost --quick
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import os
import time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from torch import nn

from practicum import Monitor

NETS = {"14-64-64-2": (14, 64, 64, 2), "784-1000-1000-10": (784, 1000, 1000, 10)}
BATCH_SIZE = 64
BEGINNING = 600
"""Steps after which nothing but the loss and counts is noted at most steps."""


class Loop:
    """A plain loop that can be run a chunk at a time.

    Args:
        sizes: of the layers.
        by: who watches: "nobody", "default", "every step", "torchmortem" or "cockpit, every step".
    """

    def __init__(self, sizes: tuple[int, ...], by: str) -> None:
        torch.manual_seed(0)
        layers = [nn.Linear(a, b) for a, b in itertools.pairwise(sizes)]
        self.model = nn.Sequential(*(part for one in layers for part in (one, nn.ReLU())))[:-1]
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01)
        self.loss_fn = nn.CrossEntropyLoss()
        self.x = torch.randn(4096, sizes[0])
        self.y = torch.randint(sizes[-1], (4096,))
        self.by, self.step = by, 0
        self.watcher: Any = None
        if by in ("default", "every step"):
            every = 1 if by == "every step" else None
            self.watcher = Monitor(self.model, self.optimizer, loss_fn=self.loss_fn, every=every)
            self.watcher.__enter__()
        elif by == "torchmortem":
            from torchmortem import Autopsy

            self.watcher = Autopsy(self.model, optimizer=self.optimizer)
            self.watcher.attach()
        elif by == "cockpit, every step":
            self._prepare_cockpit()

    def _prepare_cockpit(self) -> None:
        """Make the model and its losses as Cockpit wants them."""
        from backpack import extend
        from cockpit import Cockpit
        from cockpit.utils import schedules
        from cockpit.utils.configuration import configuration

        self.model, self.loss_fn = extend(self.model), extend(self.loss_fn)
        self.each = extend(nn.CrossEntropyLoss(reduction="none"))
        wanted = configuration("economy", track_schedule=schedules.linear(1))
        self.watcher = Cockpit(self.model.parameters(), quantities=wanted)

    def _backward_in_cockpit(self, output: Any, loss: Any, y: Any) -> None:
        """Go backwards as Cockpit wants it."""
        told = {
            "batch_size": BATCH_SIZE,
            "individual_losses": self.each(output, y),
            "loss": loss,
            "optimizer": self.optimizer,
        }
        with self.watcher(self.step - 1, info=told):  # it counts from 0
            loss.backward(create_graph=self.watcher.create_graph(self.step - 1))

    def run(self, num_steps: int) -> float:
        """Train and return the seconds a step."""
        started = time.perf_counter()
        for _ in range(num_steps):
            rows = slice(64 * (self.step % 64), 64 * (self.step % 64) + BATCH_SIZE)
            self.step += 1
            x, y = self.x[rows], self.y[rows]
            self.optimizer.zero_grad()
            output = self.model(x)
            loss = self.loss_fn(output, y)
            if self.by == "cockpit, every step":
                self._backward_in_cockpit(output, loss, y)
                self.optimizer.step()
                continue
            loss.backward()
            self.optimizer.step()
            if self.by == "torchmortem":
                self.watcher.step(loss=float(loss.detach()))
            elif self.watcher is not None:
                self.watcher.step(loss, inputs=x, targets=y)
        return (time.perf_counter() - started) / num_steps


def compare(name: str, num_chunks: int, chunk: int) -> list[dict[str, object]]:
    """Return medians of the time a step beside nobody's, in the beginning and after."""
    others = ["default", "every step"]
    if importlib.util.find_spec("torchmortem") is not None:
        others.append("torchmortem")
    if importlib.util.find_spec("cockpit") is not None:
        others.append("cockpit, every step")
    loops = [Loop(NETS[name], by) for by in ("nobody", *others)]
    found: dict[str, list[dict[str, float]]] = {"beginning": [], "after": []}
    while len(found["after"]) < num_chunks:
        part = "beginning" if loops[0].step < BEGINNING else "after"
        turn = len(found[part]) % len(loops)
        found[part].append({one.by: one.run(chunk) for one in loops[turn:] + loops[:turn]})
    rows: list[dict[str, object]] = []
    for by in others:
        row: dict[str, object] = {"net": name, "watched": by}
        for part, times in found.items():
            ratio = np.array([one[by] / one["nobody"] for one in times]) - 1
            low, middle, high = np.quantile(ratio, (0.25, 0.5, 0.75))
            plain = 1e6 * np.median([one["nobody"] for one in times])
            mean = sum(one[by] for one in times) / sum(one["nobody"] for one in times) - 1
            row[part] = (
                f"{middle:+.1%} ({low:+.1%} to {high:+.1%}; in all {mean:+.1%}) of {plain:.0f} µs a step"
            )
        rows.append(row)
    return rows


def main() -> None:
    """Print a line a net and watcher."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in NETS:
        small = name.startswith("14")
        chunks, chunk = (5, 20) if options.quick else (40, 400 if small else 20)
        for row in compare(name, chunks, chunk):
            print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
