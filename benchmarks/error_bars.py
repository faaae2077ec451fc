"""Are the errors that a search reports honest? The winner's optimism before and after correction, and coverage.

`--simulated` draws true errors of many settings (their spread is a given multiple of the noise), validates all on the
same rows, some of which are harder for every setting, takes the winner, and judges it on test rows of its own. Reported
over all repetitions: the mean optimism of the winner's validation error as it stands and corrected (noise shared by all
as assumed, and as measured on the rows), and how often the 90 % intervals hold the true error. `--real` searches real
tables; how the epoch's choice is corrected for was decided on its repetitions 0 to 149. Run:

    python benchmarks/error_bars.py --simulated
    python benchmarks/error_bars.py --real --repetitions 40 --first 150
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.special import ndtri

from error_bars_real import real
from practicum.core.intervals import wilson
from practicum.core.seeds import stream
from practicum.tuning.analysis.additive import Floats
from practicum.tuning.analysis.optimism import shared_noise, winner_optimism
from practicum.tuning.trial import Tried

COLUMNS = ("as it stands", "corrected", "by rows", "weighted")


def wrong_rows(generator: np.random.Generator, errors: Floats, rows: int, alike: float) -> Floats:
    """Return which rows each setting gets wrong, shape (K, N); ``alike`` of a row's difficulty is every setting's."""
    hard = np.sqrt(alike) * generator.standard_normal(rows)
    own = np.sqrt(1 - alike) * generator.standard_normal((len(errors), rows))
    return (hard + own < ndtri(errors)[:, None]).astype(np.float64)


def true_errors(generator: np.random.Generator, num: int, base: float, spread: float) -> Floats:
    """Return true errors: many near the best possible one, a tail of bad ones."""
    return np.minimum(base + spread * generator.gamma(1.5, size=num), 0.9)


def repetition(
    generator: np.random.Generator, num: int, rows: int, spread: float, alike: float
) -> list[float]:
    """Return the optimism of four readings of the winner, and whether the three intervals hold the truth."""
    base = generator.uniform(0.05, 0.3)
    truth = true_errors(generator, num, base, spread * np.sqrt(base * (1 - base) / rows))
    wrong = wrong_rows(generator, truth, rows, alike)
    errors = wrong.mean(axis=1)
    tried = [
        Tried(i, {}, float(e), standard_error=float(np.sqrt(max(e * (1 - e), 1 / rows) / rows)))
        for i, e in enumerate(errors)
    ]
    plain = winner_optimism(tried)
    measured = winner_optimism(tried, shared_noise(wrong[np.argsort(errors)[:8]]))
    assert plain is not None
    assert measured is not None
    true = float(truth[plain.number])
    test = wrong_rows(generator, truth[[plain.number]], 2 * rows, alike)[0]
    low, high = wilson(int(test.sum()), len(test), 0.90)
    readings = (plain.validated, plain.corrected, measured.corrected, plain.weighted)
    return [
        *(true - reading for reading in readings),
        low <= true <= high,
        plain.low <= true <= plain.high,
        measured.low <= true <= measured.high,
    ]


def simulated(repetitions: int) -> None:
    """Print a line for each kind of search."""
    print("mean optimism of the winner (points of error), and coverage of 90 % intervals of its true error")
    names = " ".join(f"{name:>12}" for name in COLUMNS)
    print(
        f"{'trials':>6} {'rows':>5} {'spread':>6} {'alike':>5} {names} {'test':>6} {'valid':>6} {'by rows':>7}"
    )
    everything = []
    for num, rows, spread, alike in (
        (32, 500, 1.0, 0.5),
        (64, 1000, 0.5, 0.5),
        (64, 1000, 1.0, 0.5),
        (64, 1000, 2.0, 0.5),
        (64, 1000, 5.0, 0.5),
        (64, 1000, 1.0, 0.2),
        (64, 1000, 1.0, 0.8),
        (64, 1000, 0.0, 0.5),
        (256, 1000, 1.0, 0.5),
    ):
        generator = stream(0, "benchmark/error bars", len(everything))
        found = np.array(
            [repetition(generator, num, rows, spread, alike) for _ in range(repetitions)], dtype=float
        )
        everything.append(found)
        show(f"{num:6} {rows:5} {spread:6.1f} {alike:5.1f}", found)
    show(f"{'all':25}", np.concatenate(everything))


def show(label: str, found: Floats) -> None:
    """Print means over repetitions."""
    mean = found.mean(axis=0)
    print(
        label, *(f"{100 * one:12.3f}" for one in mean[:4]), *(f"{one:6.1%}" for one in mean[4:]), flush=True
    )


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser()
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--simulated", action="store_true")
    kind.add_argument("--real", action="store_true")
    parser.add_argument("--repetitions", type=int)
    parser.add_argument("--first", type=int, default=0, help="number of the first real repetition")
    asked = parser.parse_args()
    if asked.real:
        real(asked.repetitions or 40, asked.first)
    else:
        simulated(asked.repetitions or 200)


if __name__ == "__main__":
    main()
