"""What it costs that trials of a pack see different data: processor time of an update and of an evaluation.

python benchmarks/views.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.data.key import DataKey
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.loop import run
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask, Source
from practicum.training.pack import Pack

NUM_TRIALS, NUM_TRAIN, NUM_VALID, NUM_STEPS, REPEATS = 16, 20_000, 5_000, 60, 25
WAYS = ("standardise", "unit")
CASES: dict[str, Callable[[int], dict[str, Any]]] = {
    "shared": lambda k: {},
    "two preparations": lambda k: {"preprocess": WAYS[k % 2]},
    "own seeds": lambda k: {"seed": k},
    "own seeds and bags": lambda k: {"seed": k, "bagging": True},
    "own seeds, half the inputs": lambda k: {"seed": k, "input_fraction": 0.5},
}


def rows(network: Network, num_rows: int) -> Rows:
    """Return random rows of two sources."""
    sources = []
    for number in range(len(WAYS)):
        draw = stream(number, f"views/{num_rows}")
        x = torch.from_numpy(draw.standard_normal((num_rows, network.num_inputs))).float()
        classes = torch.from_numpy(draw.integers(network.num_outputs, size=num_rows))
        codes = torch.zeros(num_rows, 0, dtype=torch.int64)
        sources.append(Dataset(x, codes, F.one_hot(classes, network.num_outputs).float()))
    return Rows.of(sources, network)


def measure(sizes: tuple[int, ...], batch_size: int) -> None:
    """Print the least time of each case, in turns."""
    network = Network(sizes[0], sizes[1:-1], sizes[-1], "tanh", "multiclass")
    places = {DataKey.of(Recipe(preprocess=way)): Source(n, sizes[0]) for n, way in enumerate(WAYS)}
    task = MLPTask(network, rows(network, NUM_TRAIN), rows(network, NUM_VALID), places)
    common = Recipe(
        hidden_sizes=sizes[1:-1], batch_size=batch_size, early_stopping=False, validate_every_steps=10**6
    )
    packs = {
        name: Pack([common.changed(learning_rate=0.01, **own(k)) for k in range(NUM_TRIALS)], task)
        for name, own in CASES.items()
    }
    steps, evaluations = ({name: float("inf") for name in packs} for _ in range(2))
    for _ in range(REPEATS):
        for name, pack in packs.items():
            begun = time.process_time()
            list(run(pack, pack.step + NUM_STEPS))
            stepped = time.process_time()
            pack.evaluate()
            steps[name] = min(steps[name], (stepped - begun) / NUM_STEPS)
            evaluations[name] = min(evaluations[name], time.process_time() - stepped)
    print(f"{'-'.join(map(str, sizes))}, batch {batch_size}, {NUM_TRIALS} trials")
    for name in packs:
        step, evaluation = steps[name], evaluations[name]
        print(
            f"  {name:28} update {step * 1e6:6.0f} µs ({step / steps['shared']:.2f})"
            f"   evaluation {evaluation * 1e3:5.1f} ms ({evaluation / evaluations['shared']:.2f})"
        )


def main() -> None:
    """Measure both shapes."""
    torch.set_num_threads(1)
    measure((14, 64, 64, 2), 64)
    measure((30, 128, 128, 2), 128)


if __name__ == "__main__":
    main()
