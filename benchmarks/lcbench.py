"""How many epochs does our search need for what random search finds with 200 full trials, and against its peers?

34 data sets of LCBench; every method searches the same space on the same curves with the same seeds. Costs are epochs
of all trials together. The reference is random search with 200 trials of 52 epochs; a method's gap is its lowest
error minus the reference's on the same data set, in points. Optuna's own time bounds its seeds. Run:

    python benchmarks/lcbench.py            # about 35 minutes on one core
    python benchmarks/lcbench.py --quick    # every fourth data set, 1 seed
"""

from __future__ import annotations

import argparse
import json
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import optuna

from hpo_search import Trace, at
from lcbench_data import NUM_EPOCHS, LCBench, space
from lcbench_peers import METHODS, NUM_RANDOM, PEERS, random_full

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


def main() -> None:
    """Print a line a method, and what our search gains over each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--peer-seeds", type=int, default=3, help="Optuna's time is most of this script's")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="*", help="methods to run; the first part of their names")
    options = parser.parse_args()
    seeds, peer_seeds = (1, 1) if options.quick else (options.seeds, options.peer_seeds)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    data, lcbench = space(), LCBench()
    tasks = list(lcbench.tasks)[:: 4 if options.quick else 1]
    chosen = [
        (name, method, peer_seeds if name in PEERS else seeds)
        for name, method in {**METHODS, **PEERS}.items()
        if not options.only or name.startswith(tuple(options.only))
    ]

    reference = np.zeros((len(tasks), seeds))
    gaps: dict[str, np.ndarray] = {}
    random_gaps = np.zeros((len(tasks), seeds, len(MARKS)))
    for i, task in enumerate(tasks):
        for seed in range(seeds):
            trace = random_full(data, seed, lambda trials, task=task: lcbench.curves(task, trials), FULL)
            reference[i, seed] = trace[-1][1]
            random_gaps[i, seed] = np.minimum(at(trace, MARKS), WORST)
    target = reference.mean(axis=1)
    gaps["random, full trials"] = random_gaps - target[:, None, None]
    print(
        json.dumps({"method": "random, 200 full trials", "error": round(float(target.mean()), 2)}), flush=True
    )
    for name, method, num_seeds in chosen:
        found, shares = np.zeros((len(tasks), num_seeds, len(MARKS))), np.zeros((len(tasks), num_seeds))
        for i, task in enumerate(tasks):
            for seed in range(num_seeds):
                trace = method(data, seed, lambda trials, task=task: lcbench.curves(task, trials), MARKS[-1])
                found[i, seed] = np.minimum(at(trace, MARKS), WORST) - target[i]
                shares[i, seed] = reach(trace, target[i] + WITHIN)
        gaps[name] = found
        print(json.dumps({"method": name, "seeds": num_seeds, **summary(found, shares)}), flush=True)
    first, *others = gaps if not chosen else (chosen[0][0], *(name for name in gaps if name != chosen[0][0]))
    for other in others:
        count = min(gaps[first].shape[1], gaps[other].shape[1])
        won = duel(gaps[first][:, :count], gaps[other][:, :count])
        print(json.dumps({"method": first, "against": other, "seeds": count, "lower_by": won}), flush=True)


if __name__ == "__main__":
    main()
