"""Error bars of real searches: rows that no search was given play the truth.

Each repetition draws the rows of a small table anew, splits them by a seed of its own, searches, and elects a committee
as `practicum fit` does. All other rows of the table are the reserve: the error there is the truth, up to the reserve's
own noise, which is named. Reported: how often the 90 % interval of the test error holds the committee's error on the
reserve, and by how much the winner's validation error understates the winner's error there, as it stands and corrected.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import torch

from practicum import experiment
from practicum.core.measuring import interval, value
from practicum.core.metrics import Array
from practicum.core.seeds import stream
from practicum.data.pipeline import load
from practicum.data.read import read
from practicum.engine.clock import Clock
from practicum.faces.request import make_request
from practicum.models.mlp import MLP
from practicum.report.assemble import Learned
from practicum.report.scores import in_unit, target_of
from practicum.runs.committee import Committee
from practicum.tuning.analysis.optimism import winner_optimism

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SPACE = {
    "learning_rate": {"log": [1e-3, 1.0]},
    "momentum": {"linear": [0.0, 0.95]},
    "l2_penalty": {"log": [1e-3, 30.0], "off": 0.5},
    "width": {"choice": [16, 64]},
    "num_layers": 1,
    "num_steps": 800,
    "patience_steps": 400,
}
LEVEL = 0.90
NUM_TRIALS = 32


@dataclass(frozen=True)
class Table:
    """A table, its target, and how many of its rows a search is given."""

    name: str
    frame: pl.DataFrame
    target: str
    num_rows: int
    task: str = "auto"


def tables() -> list[Table]:
    """Return two tables of classes and one of numbers."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    columns = {f"p{k}": digits.data[:, k] for k in range(digits.data.shape[1])}
    return [
        Table("adult", read(EXAMPLES / "adult_sample.csv.gz").frame, "income", 1000),
        Table("abalone", read(EXAMPLES / "abalone.csv.gz").frame, "rings", 1000, "regression"),
        Table("digits", pl.DataFrame({**columns, "digit": digits.target.astype(str)}), "digit", 600),
    ]


@dataclass(frozen=True)
class Repetition:
    """What one search said, and the truth.

    Attributes:
        test: error on the test rows, with the ends of its interval.
        truth: of the committee, on the reserve.
        noise: half the width of the reserve's own interval, over that of the test rows.
        winner: validation error of the search's winner, as it stands, corrected, and its truth.
    """

    test: tuple[float, float, float]
    truth: float
    noise: float
    winner: tuple[float, float, float]

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth."""
        return self.test[1] <= self.truth <= self.test[2]


def repetition(table: Table, seed: int) -> Repetition:
    """Search once and compare."""
    order = stream(seed, f"benchmark/error bars/{table.name}").permutation(len(table.frame))
    known, reserve = table.frame[np.sort(order[: table.num_rows])], table.frame[order[table.num_rows :]]
    asked = make_request(
        data=known,
        target=table.target,
        task=table.task,
        trials=NUM_TRIALS,
        seeds=2,
        folds=1,
        seed=seed,
        space=SPACE,
        sampler="random",
        workers=1,
    )
    found = experiment.learn(asked, load(known, table.target), Clock(time.monotonic(), math.inf))
    task, scale = found.data.data.schema.task, found.data.data.preparation.target_scale
    inputs = found.elected.test_inputs(found.data)
    test = target_of(found.data.data, inputs[0])
    predicted = in_unit(found.data.data, found.elected.committee.predict(inputs))
    low, high = interval("error", task, test, predicted, LEVEL, target_scale=scale)
    held_out = [preparation.transform(reserve) for preparation in found.elected.preparations]
    truth = target_of(found.data.data, held_out[0])
    there = in_unit(found.data.data, found.elected.committee.predict(held_out))
    its_low, its_high = interval("error", task, truth, there, LEVEL, target_scale=scale)
    return Repetition(
        (value("error", task, test, predicted, target_scale=scale), low, high),
        value("error", task, truth, there, target_scale=scale),
        (its_high - its_low) / (high - low),
        winner(found, reserve, truth),
    )


def winner(found: Learned, reserve: pl.DataFrame, truth: Array) -> tuple[float, float, float]:
    """Return the winner's validation error, its corrected value, and its error on the reserve."""
    assert found.hunt is not None
    optimism = winner_optimism(found.hunt.found.tried, found.elected.shared_noise)
    assert optimism is not None
    best = next(one for one in found.hunt.found.settings if one.tried.number == optimism.number)
    result, data = best.results[0], found.data.data
    fold = found.data.of(result.recipe)
    network = Committee([MLP(experiment.network_of(fold, result.recipe), result.weights)])
    predicted = in_unit(data, network.predict(fold.preparation.transform(reserve)))
    scale = data.preparation.target_scale
    error = value("error", data.schema.task, truth, predicted, target_scale=scale)
    return optimism.validated, optimism.corrected, error


def real(repetitions: int, first: int = 0) -> None:
    """Print a line for each table, and one for all."""
    torch.set_num_threads(1)
    some = tables()
    print(
        f"{NUM_TRIALS} settings a search; errors in points; coverage of {LEVEL:.0%} intervals of the test error"
    )
    print(
        f"{'table':8} {'searches':>8} {'test':>6} {'truth':>6} {'covered':>8} {'noise':>6} "
        f"{'validated':>10} {'corrected':>10} {'its truth':>10} {'optimism':>9} {'left':>6} {'seconds':>8}"
    )
    everything: list[Repetition] = []
    begun = time.monotonic()
    for place, table in enumerate(some):
        mine = [repetition(table, seed) for seed in range(first + place, first + repetitions, len(some))]
        everything += mine
        show(table.name, mine, time.monotonic() - begun)
    show("all", everything, time.monotonic() - begun)


def show(name: str, found: list[Repetition], seconds: float) -> None:
    """Print the means."""
    test, truth, covered, noise = (
        float(np.mean(column))
        for column in zip(*((one.test[0], one.truth, one.held, one.noise) for one in found), strict=True)
    )
    validated, corrected, its_truth = np.mean([one.winner for one in found], axis=0)
    print(
        f"{name:8} {len(found):8} {100 * test:6.1f} {100 * truth:6.1f} {covered:8.1%} {noise:6.2f} "
        f"{100 * validated:10.2f} {100 * corrected:10.2f} {100 * its_truth:10.2f} "
        f"{100 * (its_truth - validated):9.2f} {100 * (its_truth - corrected):6.2f} {seconds:8.0f}",
        flush=True,
    )
