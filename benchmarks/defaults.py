"""Which activation and how many layers should be the default: every pair on the eight tables, at equal updates.

For each table and shape nine learning rates are trained as one pack for the same number of updates (early stopping
on); the best by validation error counts. Shapes are ranked on each table by the validation error of their best rate
(a mean of two seeds); the test set is not touched. Run:

    python benchmarks/defaults.py
"""

from __future__ import annotations

import argparse
import json
import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from practicum.data.pipeline import load, prepare
from practicum.engine.plans.layout import dealt
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Result
from practicum.engine.run import run
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask
from tables_data import SPECS, frames

RATES = tuple(10 ** (-3 + i / 2) for i in range(7))
ACTIVATIONS = ("relu", "tanh", "softsign", "hard_tanh", "sigmoid")


def trained(recipes: list[Recipe], task: MLPTask) -> list[Result]:
    """Return the results of ``recipes``, dealt out to two packs that are trained side by side."""
    packs = dealt(range(len(recipes)), len(recipes), 2)
    return list(run([Plan([recipes[k] for k in pack], task, pack) for pack in packs]))


def main() -> None:
    """Print a line for each table and shape, then the mean rank of each shape."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--widths", default="128")
    parser.add_argument("--depths", default="1,2,3")
    parser.add_argument("--activations", default=",".join(ACTIVATIONS))
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    shapes = [
        (activation, (int(width),) * int(depth))
        for width in options.widths.split(",")
        for depth in options.depths.split(",")
        for activation in options.activations.split(",")
    ]
    errors: dict[str, dict[str, float]] = {}
    for spec in SPECS:
        train_frame, test_frame = frames(spec)
        data = prepare(load(train_frame, spec.target, test_frame), recipe=Recipe())
        for activation, hidden in shapes:
            network = Network(
                data.train.x.shape[1], hidden, data.train.target.shape[1], activation, data.schema.task
            )
            task = MLPTask(network, Rows.of(data.train, network), Rows.of(data.valid, network))
            best = []
            for seed in range(options.seeds):
                recipes = [
                    Recipe(
                        hidden_sizes=hidden,
                        activation=activation,
                        learning_rate=rate,
                        num_steps=options.steps,
                        seed=seed,
                    )
                    for rate in RATES
                ]
                results = trained(recipes, task)
                best.append(min(results, key=lambda result: result.rank))
            shape = f"{activation} {'-'.join(map(str, hidden))}"
            value = float(np.mean([result.valid_error for result in best]))
            errors.setdefault(shape, {})[spec.name] = value
            rates = [round(result.recipe.learning_rate, 4) for result in best]
            print(
                json.dumps({"table": spec.name, "shape": shape, "valid_error": value, "rates": rates}),
                flush=True,
            )
    ranks = {shape: [] for shape in errors}
    for spec in SPECS:
        order = sorted(errors, key=lambda shape: errors[shape][spec.name])
        lowest = errors[order[0]][spec.name]
        for place, shape in enumerate(order, 1):
            ranks[shape].append((place, errors[shape][spec.name] / lowest - 1))
    for shape, found in sorted(ranks.items(), key=lambda item: np.mean([place for place, _ in item[1]])):
        row = {
            "shape": shape,
            "mean_rank": round(float(np.mean([place for place, _ in found])), 2),
            "mean_excess": round(float(np.mean([excess for _, excess in found])), 4),
        }
        print(json.dumps(row))


if __name__ == "__main__":
    main()
