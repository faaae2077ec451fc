"""What do Optuna's study and the strategy cost, as a share of a whole search? They must stay below a tenth.

`practicum fit --trials 64` on examples/adult_sample.csv.gz, once for each strategy and place of the study, with a clock
around every call that proposes trials, tells their outcomes, or adds them to the study. These run in the process that
leads, while workers train, so the share of wall clock is the most that they can have cost. Run:

    python benchmarks/study_cost.py           # about 10 minutes
    python benchmarks/study_cost.py --quick   # 16 trials, one seed, two strategies
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from practicum.experiment import fit
from practicum.request import Request
from practicum.tuning.samplers.optuna_sampler import OptunaSampler
from practicum.tuning.samplers.quasi_random import QuasiRandom
from practicum.tuning.samplers.random_search import Random
from practicum.tuning.samplers.widening import Widening
from practicum.tuning.samplers.zoom import Zoom
from practicum.tuning.study import Store

DATA = Path(__file__).resolve().parents[1] / "examples" / "adult_sample.csv.gz"
STRATEGIES = ("zoom", "quasi-random", "random", "tpe", "gp", "cmaes")
TIMED = {
    "ask": [(kind, "ask") for kind in (Widening, Zoom, QuasiRandom, Random, OptunaSampler)],
    "tell": [(kind, "tell") for kind in (Widening, Zoom, QuasiRandom, Random, OptunaSampler)],
    "add": [(Store, "add")],
    "save": [(Store, "save")],
}
MOST = 0.10


class Stopwatch:
    """Seconds and calls under a name; a call within a call is not counted twice."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(TIMED, 0.0)
        self.calls = dict.fromkeys(TIMED, 0)
        self._busy = False

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function`` with the clock running."""

        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            if self._busy:
                return function(*args, **kwargs)
            self._busy, started = True, time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self._busy = False
                self.seconds[name] += time.perf_counter() - started
                self.calls[name] += 1

        return run

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Time all that is named in :data:`TIMED` inside."""
        with ExitStack() as stack:
            for name, methods in TIMED.items():
                for kind, method in methods:
                    timed = self.timed(name, getattr(kind, method))
                    stack.enter_context(patch.object(kind, method, timed))
            yield


def measure(strategy: str, num_trials: int, num_seeds: int, *, journal: bool) -> dict[str, Any]:
    """Return the row of one search."""
    clock = Stopwatch()
    with tempfile.TemporaryDirectory() as home, clock.listening():
        started = time.monotonic()
        summary = fit(
            Request(
                data=DATA,
                target="income",
                budget_seconds=None,
                num_trials=num_trials,
                num_seeds=num_seeds,
                sampler=strategy,
                out=Path(home) / "run",
                storage=str(Path(home) / "study.journal") if journal else None,
                started=started,
            )
        )
        seconds = time.monotonic() - started
    total = sum(clock.seconds.values())
    searching = sum(summary.phase_seconds.get(phase, 0.0) for phase in ("search", "extended"))
    return {
        "strategy": strategy,
        "study": "journal file" if journal else "memory",
        "seconds": round(seconds, 1),
        "search_seconds": round(searching, 1),
        **{f"{name}_seconds": round(spent, 3) for name, spent in clock.seconds.items()},
        **{f"{name}_calls": count for name, count in clock.calls.items()},
        "share_of_all_percent": round(100 * total / seconds, 2),
        "share_of_search_percent": round(100 * total / searching, 2) if searching else None,
        "holds": total < MOST * (searching or seconds),
    }


def main() -> None:
    """Print a line a search, then which are too dear."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=64)
    parser.add_argument("--strategies", nargs="+", choices=STRATEGIES, default=list(STRATEGIES))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    strategies = ["zoom", "tpe"] if options.quick else options.strategies
    num_trials, num_seeds = (16, 1) if options.quick else (options.trials, 5)
    rows = []
    for strategy in strategies:
        for journal in (False, True) if strategy in ("zoom", "tpe") else (False,):
            rows.append(measure(strategy, num_trials, num_seeds, journal=journal))
            print(json.dumps(rows[-1]), flush=True)
    dear = [f"{row['strategy']} ({row['study']})" for row in rows if not row["holds"]]
    print(json.dumps({"searches": len(rows), f"over {MOST:.0%}": dear}))


if __name__ == "__main__":
    main()
