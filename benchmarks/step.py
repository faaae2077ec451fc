"""Time of one update: practicum's hand-written step against a minimal PyTorch loop that indexes tensors.

Both sides alternate in one process, one intra-operation thread per worker; medians of repeats. Run:

    python benchmarks/step.py
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
import torch.nn.functional as F
from torch import nn

from practicum.data.dataset import Dataset
from practicum.engine.workers import Workers
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask

NUM_ROWS = 8192


def data(num_inputs: int, num_classes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return random inputs (N, I) and labels (N,)."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(NUM_ROWS, num_inputs, generator=generator)
    return x, torch.randint(0, num_classes, (NUM_ROWS,), generator=generator)


def minimal_loop(sizes: tuple[int, ...], batch_size: int, learning_rate: float) -> Callable[[int], None]:
    """Return a function that does updates as a hand-written PyTorch loop does."""
    x, y = data(sizes[0], sizes[-1])
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    order, position = torch.randperm(NUM_ROWS), 0

    def run(num_steps: int) -> None:
        nonlocal order, position
        for _ in range(num_steps):
            if position + batch_size > NUM_ROWS:
                order, position = torch.randperm(NUM_ROWS), 0
            rows = order[position : position + batch_size]
            position += batch_size
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()

    return run


def ours(
    workers: Workers, sizes: tuple[int, ...], batch_size: int, rates: list[float]
) -> Callable[[int], None]:
    """Return a function that does updates of one trial per rate, the product's way (sampled loss included)."""
    x, y = data(sizes[0], sizes[-1])
    network = Network(sizes[0], sizes[1:-1], sizes[-1], "relu", "multiclass")
    dataset = Dataset(x, torch.zeros(len(x), 0, dtype=torch.int64), F.one_hot(y, sizes[-1]).float())
    valid = Dataset(x[:256], dataset.codes[:256], dataset.target[:256])
    task = MLPTask(network, Rows.of(dataset, network), Rows.of(valid, network))
    recipes = [
        Recipe(
            hidden_sizes=sizes[1:-1],
            activation="relu",
            learning_rate=rate,
            batch_size=batch_size,
            early_stopping=False,
            validate_every_steps=10**9,
        )
        for rate in rates
    ]
    packs = workers.split(recipes, task)
    done = 0

    def run(num_steps: int) -> None:
        nonlocal done
        done += num_steps
        workers.advance(packs, done)

    return run


def compare(
    name: str, sides: dict[str, tuple[Callable[[int], None], int]], num_steps: int, repeats: int
) -> None:
    """Time all sides in turn and print microseconds per trial and step, and the ratio to the minimal loop."""
    times: dict[str, list[float]] = {side: [] for side in sides}
    for run, _ in sides.values():
        run(max(3, num_steps // 10))
    for _ in range(repeats):
        for side, (run, num_trials) in sides.items():
            start = time.perf_counter()
            run(num_steps)
            times[side].append((time.perf_counter() - start) / num_steps / num_trials * 1e6)
    loop = statistics.median(times["minimal loop"])
    for side, values in times.items():
        ratios = [value / base for value, base in zip(values, times["minimal loop"], strict=True)]
        row = {
            "net": name,
            "side": side,
            "us_per_trial_step": round(statistics.median(values), 1),
            "ratio": round(statistics.median(ratios), 3),
            "times_faster": round(loop / statistics.median(values), 2),
            "ratio_min_max": [round(min(ratios), 3), round(max(ratios), 3)],
        }
        print(json.dumps(row), flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    rates = [10 ** (-4 + i / 5) for i in range(16)]
    nets = (((14, 64, 64, 2), 64, 400), ((784, 256, 256, 10), 128, 60))
    with Workers() as pool, Workers(num_workers=1) as single:
        for sizes, batch_size, num_steps in nets:
            name = "-".join(map(str, sizes)) + f" batch {batch_size}"
            sides = {
                "minimal loop": (minimal_loop(sizes, batch_size, 0.01), 1),
                "ours, 1 trial": (ours(single, sizes, batch_size, [0.01]), 1),
                "ours, 16 rates, 1 worker": (ours(single, sizes, batch_size, rates), 16),
                f"ours, 16 rates, {pool.num_workers} workers": (ours(pool, sizes, batch_size, rates), 16),
            }
            compare(name, sides, num_steps, repeats)


if __name__ == "__main__":
    main()
