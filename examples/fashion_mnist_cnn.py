"""Tune your own module: eight learning rates of a small convolutional net on Fashion-MNIST, as one program.

    python examples/fashion_mnist_cnn.py --data FOLDER            # the four .gz files of Fashion-MNIST (or MNIST)
    python examples/fashion_mnist_cnn.py --data FOLDER --folder runs/fashion    # can be interrupted and goes on

`build` is ordinary PyTorch, written for one trial. practicum trains all trials together, keeps each one's best weights
on validation rows, and hands back plain modules. The test rows are looked at once, by the best trial.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

import practicum
from practicum.core.intervals import wilson


def build(recipe: practicum.Recipe) -> nn.Module:
    """Return the untrained net of one trial; settings of our own are in ``recipe.model``."""
    channels = recipe.model["channels"]
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(channels, 2 * channels, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(recipe.dropout),
        nn.Linear(2 * channels * 7 * 7, 10),
    )


def read(folder: Path, part: str, rows: int) -> dict[str, Tensor]:
    """Return pictures (N, 1, 28, 28) in [0, 1] and labels (N,) of "train" or "t10k"."""
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 1, 28, 28)[:rows]
    y = np.frombuffer(labels, np.uint8, offset=8)[:rows]
    return {"x": torch.from_numpy(x.astype(np.float32) / 255), "y": torch.from_numpy(y.astype(np.int64))}


def main() -> None:
    """Train, compare, test once."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fashion_mnist"))
    parser.add_argument("--rows", type=int, default=60_000, help="training rows to use")
    parser.add_argument("--steps", type=int, default=2000, help="updates of each trial")
    parser.add_argument("--folder", type=Path, help="keep checkpoints here, and go on from them")
    parser.add_argument("--budget", help="time for everything, e.g. 2m")
    asked = parser.parse_args()

    if not (asked.data / "train-images-idx3-ubyte.gz").is_file():
        parser.error(
            f"--data must hold the files of Fashion-MNIST, but {asked.data} has no train-images-idx3-ubyte.gz"
        )

    rates = [0.001 * 10 ** (k / 3) for k in range(8)]
    recipes = [
        practicum.Recipe(
            learning_rate=rate,
            momentum=0.9,
            dropout=0.2,
            batch_size=32,
            num_steps=asked.steps,
            model={"channels": 8},
        )
        for rate in rates
    ]
    data = read(asked.data, "train", asked.rows)
    trials = practicum.train(
        build, data, recipes, loss="cross_entropy", folder=asked.folder, budget=asked.budget, verbose=True
    )
    for trial in trials:
        print(
            f"learning rate {trial.recipe.learning_rate:7.4f}  validation error {100 * trial.valid_error:6.2f} %  "
            f"best at update {trial.best_step:5d}  {trial.status}"
        )
    best = min(trials, key=lambda trial: trial.valid_error)
    test = read(asked.data, "t10k", 10_000)
    with torch.no_grad():
        wrong = best.module()(test["x"]).argmax(1) != test["y"]
    low, high = wilson(int(wrong.sum()), len(wrong))
    print(
        f"Best: learning rate {best.recipe.learning_rate:.4f}, test error {100 * wrong.float().mean():.2f} % "
        f"(95 % interval {100 * low:.2f} to {100 * high:.2f})"
    )


if __name__ == "__main__":
    main()
