"""How much time does it save that hopeless trials leave a search early, and does a good one ever leave?

Figure 5 of the diagnosis: the eight open tables, with against without. Two searches of the default space are compared:
the default one (zoom, halving at three rungs) and plain random-like trials, each to patience or its full length, where
nothing but the diagnosis gives up anything. Each search runs to its end, with and without, on the same seeds and bits.
What is counted is core time of the trials. "Time to the plain best" is the core time, in the order of the trials, until
a search has a setting as good as the best of the search without diagnosis, over the time which that one took. A good
trial that was wrongly stopped: among the best tenth without diagnosis, stopped with it, and its error is worse for it.

Each part that ends is written down, so that a run that was cut short goes on. Run:

    python benchmarks/diagnosed_search.py                                  # eight tables, 5 seeds: hours on two cores
    python benchmarks/diagnosed_search.py --tables credit_g abalone --seeds 2 --trials 24 --rows 1500   # a part of it
    python benchmarks/diagnosed_search.py --curves                         # LCBench's curves, every third data set kept
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from diagnosed_curves import held_out
from practicum import experiment
from practicum.core.estimates.rough import doubt_of
from practicum.core.seeds import stream
from practicum.data.pipeline import load
from practicum.engine.tasks import Tasks
from practicum.recipe.space import Space
from practicum.request import Request
from practicum.tuning.arena import Arena, Limits
from practicum.tuning.halving import Halving
from practicum.tuning.lengths import by_data
from practicum.tuning.samplers.table import make_sampler
from practicum.tuning.search import search
from tables_data import SPECS, TableSpec, frames

KINDS = {"default": ("zoom", True), "whole trials": ("quasi-random", False)}
"""Strategy, and whether trials are halved."""

NUM_ALIKE = 8
TOP = 0.1
NUM_DRAWS = 2000
Row = dict[str, Any]


def run(spec: TableSpec, kind: str, seed: int, options: argparse.Namespace, *, diagnosed: bool) -> Row:
    """Return what a search tried: error and core time of each setting in order, and who was stopped for what."""
    train, test = frames(spec, seed)
    rows = options.rows or len(train)
    request = Request(data=train[:rows], target=spec.target, test=test[:rows], num_folds=1, seed=seed)
    _, data = experiment._prepare(request, load(request.data, request.target, request.test))
    sampler, halved = KINDS[kind]
    space = Space.preset("default", num_train=len(data.train))
    lengths = by_data(len(data.train), options.trials)
    arena = Arena(
        Tasks(data),
        space.recipe,
        lengths.examined() if diagnosed else lengths,
        len(data.valid),
        doubt_of("error", data.schema.task, data.valid_sizes),
        num_alike=NUM_ALIKE,
        seed=seed,
        examine=experiment.stop_hopeless,
    )
    judge = Halving() if halved else lambda rung, errors: set(errors)
    proposer = make_sampler(sampler, space, seed, NUM_ALIKE, options.trials)
    found = search(arena, proposer, judge, options.trials, Limits(num_workers=1))
    return {
        "errors": [one.tried.error for one in found.settings],
        "seconds": [one.tried.cost for one in found.settings],
        "halted": [one.tried.halted for one in found.settings],
        "ages": [one.tried.age for one in found.settings],
        "stopped": {str(number): stop.reason for number, stop in arena.stopped.items()},
        "best": found.best.tried.error if found.best else math.inf,
    }


def compared(plain: Row, diagnosed: Row) -> Row:
    """Return one search with against without: shares of time, and what was lost.

    Example:
        >>> one = {"errors": [0.3, 0.1], "seconds": [2.0, 2.0], "halted": [False, False], "ages": [9, 9],
        ...        "stopped": {}, "best": 0.1}
        >>> less = {**one, "seconds": [1.0, 2.0], "stopped": {"0": "E2 underfits: much"}}
        >>> compared(one, less)["time to the plain best"]
        0.75
    """
    ranked = np.lexsort((plain["errors"], plain["halted"]))
    top = [int(k) for k in ranked[: math.ceil(TOP * len(ranked))]]
    gone = {int(number) for number in diagnosed["stopped"]}
    worse = [k for k in top if k in gone and diagnosed["errors"][k] > plain["errors"][k]]
    return {
        "stopped": len(gone) / len(diagnosed["errors"]),
        "time": sum(diagnosed["seconds"]) / sum(plain["seconds"]),
        "examples": sum(diagnosed["ages"]) / sum(plain["ages"]),
        "time to the plain best": reached(diagnosed, plain["best"]) / reached(plain, plain["best"]),
        "best without": plain["best"],
        "best with": diagnosed["best"],
        "top": len(top),
        "top stopped": len([k for k in top if k in gone]),
        "top wrongly stopped": len(worse),
        "faults": dict(Counter(reason.split()[0] for reason in diagnosed["stopped"].values())),
    }


def reached(row: Row, error: float) -> float:
    """Return the core time until ``error`` was reached, infinite for never."""
    so_far = np.cumsum(row["seconds"])
    places = np.flatnonzero(np.array(row["errors"]) <= error)
    return float(so_far[places[0]]) if len(places) else math.inf


def interval(values: list[float]) -> str:
    """Return the median with a 95 % interval, by drawing runs again."""
    drawn = stream(0, "benchmark/diagnosed").integers(len(values), size=(NUM_DRAWS, len(values)))
    low, high = np.quantile(np.median(np.array(values)[drawn], axis=1), (0.025, 0.975))
    return f"{np.median(values):.2f} ({low:.2f} to {high:.2f})"


def part(spec: TableSpec, kind: str, seed: int, options: argparse.Namespace) -> Row:
    """Return a comparison, from its file if it was made before."""
    name = f"{spec.name}-{kind.replace(' ', '_')}-{seed}-{options.trials}-{options.rows or 'all'}.json"
    file = options.folder / name
    if not file.exists():
        plain, diagnosed = (run(spec, kind, seed, options, diagnosed=flag) for flag in (False, True))
        file.write_text(json.dumps({"plain": plain, "diagnosed": diagnosed}))
    both = json.loads(file.read_text())
    return compared(both["plain"], both["diagnosed"])


def main() -> None:
    """Print a line a search, then the medians of each kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tables", nargs="*", default=[spec.name for spec in SPECS])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--trials", type=int, default=64)
    parser.add_argument("--rows", type=int, help="of each table; all by default")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--folder", type=Path, default=Path("runs/diagnosed_search"))
    parser.add_argument("--curves", action="store_true", help="LCBench instead: no training, minutes")
    options = parser.parse_args()
    if options.curves:
        for line in held_out():
            print(json.dumps(line), flush=True)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Row]] = {kind: [] for kind in options.kinds}
    for seed in range(options.seeds):
        for spec in (spec for spec in SPECS if spec.name in options.tables):
            for kind in options.kinds:
                row = part(spec, kind, seed, options)
                found[kind].append(row)
                print(json.dumps({"table": spec.name, "seed": seed, "search": kind, **row}), flush=True)
    for kind, rows in found.items():
        told = {name: interval([row[name] for row in rows]) for name in ("time", "time to the plain best")}
        sums = {
            name: sum(row[name] for row in rows) for name in ("top", "top stopped", "top wrongly stopped")
        }
        lost = sum(row["best with"] > row["best without"] for row in rows)
        print(json.dumps({"search": kind, "runs": len(rows), **told, **sums, "best is worse in": lost}))


if __name__ == "__main__":
    main()
