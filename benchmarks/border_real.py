"""What does the moved border give back? Real trainings in spaces whose optimum was cut off [3.3-03].

Three tables; one range is cut so that the best values lie outside: the learning rate's, or the width's. Each search has
64 settings: in the whole space, in the cut one as `practicum fit` searches it, and in the cut one with borders that
stay. Compared: the error of the elected committee on rows that no search was given. Lost is what the cut costs where
borders stay; recovered is the share of it that moving them gives back; found is how often the range that was cut was
extended; tried is how many settings that took; false is how often any range of the whole space was. Run:

    python benchmarks/border_real.py             # about ten minutes
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Mapping
from unittest.mock import patch

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from error_bars_real import Table, tables
from practicum import experiment
from practicum.core.measuring import value
from practicum.core.seeds import stream
from practicum.data.pipeline import load
from practicum.engine.clock import Clock
from practicum.faces.request import make_request
from practicum.report.scores import in_unit, target_of
from practicum.tuning.samplers import widening

WHOLE: Mapping[str, object] = {
    "learning_rate": {"log": [1e-4, 10.0]},
    "momentum": {"linear": [0.0, 0.95]},
    "l2_penalty": {"log": [1e-3, 30.0], "off": 0.5},
    "width": {"log_integer": [2, 128]},
    "num_layers": 1,
    "num_steps": 800,
    "patience_steps": 400,
}
CUTS: Mapping[str, object] = {
    "learning_rate": {"log": [1e-5, 1e-3]},
    "width": {"log_integer": [2, 4]},
}
NUM_TRIALS = 64


def reached(
    table: Table, seed: int, space: Mapping[str, object], most_times: int
) -> tuple[float, tuple[str, ...], int]:
    """Return the committee's error on the reserve, which ranges were extended, and how many settings were tried."""
    order = stream(seed, f"benchmark/border/{table.name}").permutation(len(table.frame))
    known, reserve = table.frame[np.sort(order[: table.num_rows])], table.frame[order[table.num_rows :]]
    asked = make_request(
        data=known,
        target=table.target,
        task=table.task,
        trials=NUM_TRIALS,
        seeds=2,
        folds=1,
        seed=seed,
        space=dict(space),
        workers=1,
    )
    with patch.object(widening, "MOST_TIMES", most_times):
        found = experiment.learn(asked, load(known, table.target), Clock(time.monotonic(), math.inf))
    data, scale = found.data.data, found.data.data.preparation.target_scale
    inputs = [preparation.transform(reserve) for preparation in found.elected.preparations]
    predicted = in_unit(data, found.elected.committee.predict(inputs))
    error = value("error", data.schema.task, target_of(data, inputs[0]), predicted, target_scale=scale)
    assert found.hunt is not None
    return error, found.hunt.extended, len(found.hunt.found.settings)


def main() -> None:
    """Print a line for each table and cut, and one for each cut."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print("error on the reserve, in points (abalone: hundredths of the target's unit), means over seeds")
    print(
        f"{'cut':14} {'table':8} {'whole':>7} {'stays':>7} {'moved':>7} {'lost':>6} {'recovered':>9} {'found':>6} "
        f"{'tried':>6} {'false':>6}"
    )
    for name, cut in CUTS.items():
        everything = []
        for table in tables():
            mine = []
            for seed in range(options.seeds):
                whole, wrongly, _ = reached(table, seed, WHOLE, widening.MOST_TIMES)
                stays, _, _ = reached(table, seed, {**WHOLE, name: cut}, 0)
                moved, extended, tried = reached(table, seed, {**WHOLE, name: cut}, widening.MOST_TIMES)
                mine.append((whole, stays, moved, name in extended, tried, bool(wrongly)))
            everything.append(show(name, table.name, np.array(mine, dtype=float)))
        show(name, "all", np.mean(everything, axis=0)[None])


def show(cut: str, table: str, found: np.ndarray) -> np.ndarray:
    """Print the means, and return them."""
    whole, stays, moved, extended, tried, wrongly = mean = found.mean(axis=0)
    lost = stays - whole
    print(
        f"{cut:14} {table:8} {100 * whole:7.2f} {100 * stays:7.2f} {100 * moved:7.2f} {100 * lost:6.2f} "
        f"{(stays - moved) / lost if lost > 0 else math.nan:9.0%} {extended:6.0%} {tried:6.1f} "
        f"{wrongly:6.0%}",
        flush=True,
    )
    return mean


if __name__ == "__main__":
    main()
