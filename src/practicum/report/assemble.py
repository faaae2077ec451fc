"""From what was trained to the summary: score everything once, and put it into words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from practicum import __version__
from practicum.core import summary as parts
from practicum.core.metrics import Array, error, interval, metrics
from practicum.core.record import Record
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.data.pipeline import Prepared
from practicum.diagnose.fitting import curve_of, fitting_verdict
from practicum.engine.clock import Clock
from practicum.engine.phase import Result
from practicum.models.baselines import Baseline
from practicum.models.committee import committee_prediction, member_predictions
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.search.learning_rate import RateSearch

MAX_TRAIN_ROWS = 50_000
"""Training error is measured on at most so many rows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What training gave.

    Attributes:
        network: shape of every member.
        recipe: the chosen one.
        search: the search, or ``None`` when a recipe was given.
        members: of the committee.
        phases: name of each trial's phase.
        record: all that was measured.
        interrupted: whether Ctrl-C ended training.
    """

    network: Network
    recipe: Recipe
    search: RateSearch | None
    members: Sequence[Result]
    phases: Mapping[int, str]
    record: Record
    interrupted: bool

    def modules(self) -> list[MLP]:
        """Return the members as plain modules."""
        return [MLP(self.network, member.weights) for member in self.members]


def summarise(
    data: Prepared,
    baselines: Sequence[Baseline],
    outcome: Outcome,
    clock: Clock,
    *,
    created: datetime,
    run: Path,
    command: str,
    seed: int,
) -> parts.Summary:
    """Return the summary. The test set is looked at here, once."""
    modules = outcome.modules()
    train = _score(data, _some(data.train), modules)
    valid = _score(data, data.valid, modules)
    test = _test_score(data, modules)
    scores = [_baseline_score(data, baseline) for baseline in baselines]
    search = outcome.search
    results = [*(search.results if search else []), *outcome.members]
    trials = [_trial(result, outcome.phases) for result in _unique(results)]
    by_name = {score.name: score for score in scores}
    notes = list(data.notes) + _narrow(outcome.network)
    first = outcome.members[0]
    fitting = fitting_verdict(
        data.schema.task,
        train=train,
        valid=valid,
        test=test,
        constant_error=_test_error(by_name.get("constant")),
        linear_error=_test_error(by_name.get("linear")),
        curve=curve_of(
            outcome.record.frame(), first.trial, cut_short=first.status in ("budget", "num_steps", "stopped")
        ),
    )
    loaded, split = data.loaded, data.split
    return parts.Summary(
        practicum=__version__,
        created=created.isoformat(timespec="seconds"),
        run=str(run),
        command=command,
        task=data.schema.task,
        target=data.schema.target,
        classes=data.schema.classes,
        source=loaded.source,
        test_source=loaded.test.source if loaded.test else None,
        rows=_rows(data),
        columns=[parts.Column(**_column(column)) for column in data.schema.columns],
        split=parts.Split(
            method=split.method,
            seed=seed,
            duplicates_across=split.duplicates_across,
            column=data.schema.with_role("group") or data.schema.with_role("time"),
        ),
        notes=notes,
        baselines=scores,
        trials=trials,
        learning_rate=_learning_rate(search) if search else None,
        recipe=outcome.recipe.model_dump(mode="json"),
        train=train,
        valid=valid,
        test=test,
        fitting=fitting,
        seconds=clock.seconds(),
        budget_seconds=None if math.isinf(clock.budget_seconds) else clock.budget_seconds,
        phase_seconds={name: round(seconds, 3) for name, seconds in clock.phase_seconds.items()},
        interrupted=outcome.interrupted,
    )


def _target(data: Prepared, rows: Dataset) -> Array:
    """Return the target in the user's unit, or as class numbers and 0/1."""
    values = rows.target.double().numpy()
    return _in_unit(data, values)


def _in_unit(data: Prepared, values: Array) -> Array:
    if data.schema.task != "regression":
        return values
    return values * data.preparation.target_scale + data.preparation.target_mean


def _measure(data: Prepared, rows: Dataset, prediction: Array) -> parts.Score:
    """Return the error of one prediction with its interval."""
    task, target, values = data.schema.task, _target(data, rows), _in_unit(data, prediction)
    scale = data.preparation.target_scale
    return parts.Score(
        error=error(task, target, values, target_scale=scale),
        interval=interval(task, target, values, target_scale=scale),
        num_rows=len(rows),
    )


def _score(data: Prepared, rows: Dataset, modules: Sequence[MLP]) -> parts.Score:
    return _measure(data, rows, committee_prediction(member_predictions(modules, rows)))


def _test_score(data: Prepared, modules: Sequence[MLP]) -> parts.TestScore:
    """Look at the test set: each member alone, and the committee."""
    each = member_predictions(modules, data.test)
    committee = committee_prediction(each)
    task, target = data.schema.task, _target(data, data.test)
    scale = data.preparation.target_scale
    members = [error(task, target, _in_unit(data, one), target_scale=scale) for one in each]
    score = _measure(data, data.test, committee)
    return parts.TestScore(
        error=score.error,
        interval=score.interval,
        num_rows=score.num_rows,
        members=members,
        committee=score.error,
        member_mean=float(np.mean(members)),
        metrics=metrics(task, target, _in_unit(data, committee)),
    )


def _baseline_score(data: Prepared, baseline: Baseline) -> parts.BaselineScore:
    return parts.BaselineScore(
        name=baseline.name,
        description=baseline.description,
        valid=_measure(data, data.valid, baseline.valid),
        test=None if baseline.test is None else _measure(data, data.test, baseline.test),
    )


def _test_error(score: parts.BaselineScore | None) -> float | None:
    return score.test.error if score is not None and score.test is not None else None


def _some(rows: Dataset) -> Dataset:
    """Return the rows, or a fixed sample where there are very many."""
    if len(rows) <= MAX_TRAIN_ROWS:
        return rows
    drawn = np.sort(stream(0, "training error").choice(len(rows), MAX_TRAIN_ROWS, replace=False))
    chosen = torch.from_numpy(drawn)
    return Dataset(rows.x[chosen], rows.codes[chosen], rows.target[chosen], rows.num_levels)


def _unique(results: Sequence[Result]) -> list[Result]:
    """Return the results by trial number; after a Ctrl-C the best trial of the search is the committee too."""
    return [found for _, found in sorted({result.trial: result for result in results}.items())]


def _trial(result: Result, phases: Mapping[int, str]) -> parts.Trial:
    return parts.Trial(
        number=result.trial,
        phase=cast(parts.Phase, phases[result.trial]),
        learning_rate=result.recipe.learning_rate,
        seed=result.recipe.seed,
        num_steps=result.num_steps,
        status=result.status,
        best_step=result.best_step,
        train_loss=_finite(result.train_loss),
        valid_loss=_finite(result.valid_loss),
        valid_error=_finite(result.valid_error),
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rows(data: Prepared) -> parts.Rows:
    given = data.loaded.test
    train, valid, test = len(data.train), len(data.valid), len(data.test)
    total = len(data.loaded.table.frame) + (len(given.frame) if given else 0)
    return parts.Rows(
        total=total,
        used=train + valid + test,
        train=train,
        valid=valid,
        test=test,
        without_target=total - train - valid - test,
    )


def _column(column: Any) -> dict[str, Any]:
    return {name: getattr(column, name) for name in parts.Column.model_fields}


def _narrow(network: Network) -> list[str]:
    """Return the chapter's word on a first layer narrower than the input [3.2-03]."""
    num_inputs = network.layer_sizes[0][0]
    if not network.hidden_sizes or network.hidden_sizes[0] >= num_inputs:
        return []
    return [
        f"The first hidden layer ({network.hidden_sizes[0]} units) is narrower than the input ({num_inputs}); "
        "a wider one usually does better [3.2-03]."
    ]


def _learning_rate(search: RateSearch) -> parts.LearningRate:
    best, stable, diverged = search.best.recipe.learning_rate, search.largest_stable, search.smallest_diverged
    ratio = best / stable if stable else None
    if diverged is None or ratio is None:
        text = f"No rate up to {search.rates[-1]:.3g} diverged; the best is {best:.3g}."
    else:
        text = (
            f"The largest rate that did not diverge is {stable:.3g} ({diverged:.3g} did); the best, {best:.3g}, is "
            f"{ratio:.2g} times that."
        )
        within = 0.5 <= ratio <= 1
        text += " The rule of thumb, within a factor of 2 [2.1-02], " + (
            "holds." if within else "does not hold here."
        )
    return parts.LearningRate(
        best=best,
        largest_stable=stable,
        smallest_diverged=diverged,
        ratio=ratio,
        resolved_factor=search.resolved_factor,
        extended=search.extended,
        at_border=search.at_border,
        text=text,
    )
