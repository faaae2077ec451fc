"""Should early stopping follow the validation loss or the validation error? Five tables of classes, three draws each.

Nine learning rates are trained as one pack for the same number of updates, once with each measure; the trial of the
lowest error and the trial of the lowest loss are then tested. Draws 0 to 2; `tables.py` tests on others. Run:

    python benchmarks/stopping.py
"""

from __future__ import annotations

import argparse
import json
import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from practicum.core.metrics import error
from practicum.data.pipeline import Prepared, load, prepare
from practicum.engine.plans.layout import dealt
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Result
from practicum.engine.run import run
from practicum.engine.tasks import network_of
from practicum.models.mlp import MLP
from practicum.recipe import Recipe
from practicum.runs.committee import Committee
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask
from tables_data import SPECS, frames

RATES = tuple(10 ** (-2.5 + i / 3) for i in range(9))
TABLES = ("adult", "bank", "credit_g", "electricity", "letter")


def test_error(data: Prepared, task: MLPTask, result: Result) -> float:
    """Return the test error of one trial."""
    predicted = Committee([MLP(task.network, result.weights)]).predict(data.test)
    return error(data.schema.task, data.test.target.numpy(), predicted)


def trained(recipes: list[Recipe], task: MLPTask) -> list[Result]:
    """Return the results of ``recipes``, dealt out to two packs that are trained side by side."""
    packs = dealt(range(len(recipes)), len(recipes), 2)
    return list(run([Plan([recipes[k] for k in pack], task, pack) for pack in packs]))


def main() -> None:
    """Print a line a draw and measure, then the means over the draws of each table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--draws", type=int, default=3)
    options = parser.parse_args()
    found: dict[tuple[str, str], list[list[float]]] = {}
    for spec in (spec for spec in SPECS if spec.name in TABLES):
        for draw in range(options.draws):
            train_frame, test_frame = frames(spec, draw)
            base = Recipe(num_steps=options.steps, seed=draw)
            data = prepare(load(train_frame, spec.target, test_frame), recipe=base, seed=draw)
            network = network_of(data, base)
            task = MLPTask(network, Rows.of(data.train, network), Rows.of(data.valid, network))
            for measure in ("error", "loss"):
                recipes = [base.changed(learning_rate=rate, stop_on=measure) for rate in RATES]
                results = trained(recipes, task)
                by_error = min(results, key=lambda result: result.rank)
                by_loss = min(results, key=lambda result: result.valid_loss)
                errors = [test_error(data, task, chosen) for chosen in (by_error, by_loss)]
                found.setdefault((spec.name, measure), []).append(errors)
                row = {"table": spec.name, "draw": draw, "stop_on": measure, "test_error": errors}
                print(json.dumps(row), flush=True)
    for (name, measure), errors in found.items():
        by_error, by_loss = np.mean(errors, axis=0).round(4).tolist()
        row = {"table": name, "stop_on": measure, "chosen_by_error": by_error, "chosen_by_loss": by_loss}
        print(json.dumps(row))


if __name__ == "__main__":
    main()
