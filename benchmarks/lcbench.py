"""How many epochs does our search need for what random search finds with 200 full trials, and against its peers?

34 data sets of LCBench; every method searches the same space on the same curves with the same seeds. Costs are epochs
of all trials together. The reference is random search with 200 trials of 52 epochs; a method's gap is its lowest
error minus the reference's on the same data set, in points. What is counted is epochs, not time, so other work on the
machine changes nothing. Run:

    python benchmarks/lcbench.py --workers 2    # about 30 minutes on two cores
    python benchmarks/lcbench.py --quick        # every fourth data set, 1 seed
"""

from __future__ import annotations

import argparse
import functools
import json
import os
from concurrent.futures import ProcessPoolExecutor

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import optuna

from hpo_search import Trace, at
from lcbench_data import NUM_EPOCHS, LCBench, space
from lcbench_peers import METHODS, NUM_RANDOM, PEERS, random_full

REFERENCE = "random, full trials"
MARKS = (52, 104, 208, 312, 416, 520, 780, 1040)
FULL = NUM_RANDOM * NUM_EPOCHS
WITHIN = 0.2
WORST = 100.0
FIRST_JUDGED = MARKS.index(208)
"""Curves are averaged from here: before, a pack that is trained side by side has told nothing yet."""


def reach(trace: Trace, error: float) -> float:
    """Return the share of the reference's epochs after which the error was reached, ``inf`` if it was not."""
    return min((spent for spent, lowest in trace if lowest <= error), default=np.inf) / FULL


def summary(gaps: np.ndarray, shares: np.ndarray) -> dict[str, object]:
    """Return a row of the table: means over data sets of means over seeds, with standard errors over data sets.

    Args:
        gaps: shape (data sets, seeds, marks).
        shares: of the reference's epochs until the reference's mean error + 0.2 was reached, (data sets, seeds).
    """
    by_set = gaps.mean(axis=1)
    error = by_set.std(axis=0, ddof=1) / np.sqrt(len(by_set))
    return {
        "gap_by_epochs": {
            mark: round(float(gap), 2) for mark, gap in zip(MARKS, by_set.mean(axis=0), strict=True)
        },
        "gap_at_10%": f"{by_set[:, -1].mean():.2f} ± {error[-1]:.2f}",
        "median_gap_at_10%": round(float(np.median(by_set[:, -1])), 2),
        "data_sets_within_0.2": f"{int((by_set[:, -1] <= WITHIN).sum())} of {len(by_set)}",
        "runs_within_0.2": f"{(gaps[:, :, -1] <= WITHIN).mean():.0%}",
        "median_share_of_epochs": round(float(np.median(shares)), 3),
        "anytime": round(float(by_set[:, FIRST_JUDGED:].mean()), 2),
    }


def duel(ours: np.ndarray, other: np.ndarray) -> str:
    """Return by how many points our curve is lower, averaged over marks and seeds, and on how many data sets."""
    lower = (other - ours)[:, :, FIRST_JUDGED:].mean(axis=(1, 2))
    error = lower.std(ddof=1) / np.sqrt(len(lower))
    return f"{lower.mean():+.2f} ± {error:.2f} points, better on {int((lower > 0).sum())} of {len(lower)}"


def traces(name: str, task: str, seeds: int) -> list[Trace]:
    """Return what a method found on a data set, a trace a seed; the reference has its 200 full trials."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    data, lcbench = space(), _lcbench()
    method, budget = (random_full, FULL) if name == REFERENCE else ({**METHODS, **PEERS}[name], MARKS[-1])
    return [method(data, seed, lambda trials: lcbench.curves(task, trials), budget) for seed in range(seeds)]


@functools.cache
def _lcbench() -> LCBench:
    """Return the surrogate, loaded once a process."""
    return LCBench()


def main() -> None:
    """Print a line a method, and what our search gains over each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--workers", type=int, default=1, help="processes, each with some of the data sets")
    parser.add_argument("--only", nargs="*", help="methods to run; the first part of their names")
    options = parser.parse_args()
    seeds = 1 if options.quick else options.seeds
    tasks = list(LCBench().tasks)[:: 4 if options.quick else 1]
    every = [*METHODS, *PEERS]
    chosen = [name for name in every if not options.only or name.startswith(tuple(options.only))]

    gaps: dict[str, np.ndarray] = {}
    target = np.zeros(len(tasks))
    with ProcessPoolExecutor(options.workers) as pool:
        for name in (REFERENCE, *chosen):
            found = list(pool.map(functools.partial(traces, name, seeds=seeds), tasks))
            if name == REFERENCE:
                target = np.array([np.mean([trace[-1][1] for trace in by_seed]) for by_seed in found])
            lowest = np.array([[at(trace, MARKS) for trace in by_seed] for by_seed in found])
            gaps[name] = np.minimum(lowest, WORST) - target[:, None, None]
            shares = np.array(
                [
                    [reach(trace, error + WITHIN) for trace in by_seed]
                    for by_seed, error in zip(found, target, strict=True)
                ]
            )
            print(json.dumps({"method": name, "seeds": seeds, **summary(gaps[name], shares)}), flush=True)
    first = chosen[0] if chosen else REFERENCE
    for other, found_by in gaps.items():
        if other != first:
            won = duel(gaps[first], found_by)
            row = {"method": first, "against": other, "seeds": seeds, "lower_by": won}
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
