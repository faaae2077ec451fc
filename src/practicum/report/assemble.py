"""From what was trained to the summary: score everything once, and put it into words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from practicum import __version__
from practicum.core import parts
from practicum.core.record import Record
from practicum.core.summary import Summary
from practicum.data.dataset import Task as TaskName
from practicum.data.pipeline import Prepared
from practicum.diagnose.fitting import curve_of, fitting_verdict, rate_ratio_text
from practicum.engine.clock import Clock
from practicum.engine.phase import Result
from practicum.models.baselines import Baseline
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.report.predicted import Predictions
from practicum.report.scores import Scores, score_all
from practicum.runs.committee import Committee
from practicum.tuning.learning_rate import RateSearch


@dataclass(frozen=True, slots=True)
class Outcome:
    """What training gave.

    Attributes:
        network: shape of every member.
        recipe: the chosen one.
        search: the search, or ``None`` when a recipe was given.
        members: of the committee.
        trials: all that were trained, by number.
        phases: name of each trial's phase.
        record: all that was measured.
        interrupted: whether Ctrl-C ended training.
    """

    network: Network
    recipe: Recipe
    search: RateSearch | None
    members: Sequence[Result]
    trials: Sequence[Result]
    phases: Mapping[int, str]
    record: Record
    interrupted: bool

    def committee(self) -> Committee:
        """Return the members as plain modules that predict together."""
        return Committee([MLP(self.network, member.weights) for member in self.members])


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
) -> tuple[Summary, Predictions]:
    """Return the summary, and truth and prediction of the test rows. The test set is looked at here, once."""
    scores = score_all(data, outcome.committee(), baselines)
    search, loaded, schema = outcome.search, data.loaded, data.schema
    summary = Summary(
        practicum=__version__,
        created=created.isoformat(timespec="seconds"),
        run=str(run),
        command=command,
        task=schema.task,
        target=schema.target,
        classes=schema.classes,
        source=loaded.source,
        test_source=loaded.test.source if loaded.test else None,
        rows=_rows(data),
        columns=[parts.Column(**_column(column)) for column in schema.columns],
        split=_split(data, seed),
        notes=[*data.notes, *_narrow(outcome.network), *_dependent(data)],
        baselines=scores.baselines,
        trials=[_trial(result, outcome.phases) for result in outcome.trials],
        learning_rate=_learning_rate(search) if search else None,
        recipe=outcome.recipe.model_dump(mode="json"),
        train=scores.train,
        valid=scores.valid,
        test=scores.test,
        fitting=_fitting(schema.task, scores, outcome),
        seconds=clock.seconds(),
        budget_seconds=None if math.isinf(clock.budget_seconds) else clock.budget_seconds,
        interrupted=outcome.interrupted,
    )
    return summary, scores.predictions


def _fitting(task: TaskName, scores: Scores, outcome: Outcome) -> parts.Fitting:
    """Return whether the committee under- or overfits [4.1-08]."""
    first = outcome.members[0]
    baselines = {score.name: score.test.error for score in scores.baselines if score.test is not None}
    cut_short = first.status in ("budget", "num_steps", "stopped")
    return fitting_verdict(
        task,
        train=scores.train,
        valid=scores.valid,
        test=scores.test,
        constant_error=baselines.get("constant"),
        linear_error=baselines.get("linear"),
        curve=curve_of(outcome.record.frame(), first.trial, cut_short=cut_short),
    )


def _split(data: Prepared, seed: int) -> parts.Split:
    return parts.Split(
        method=data.split.method,
        seed=seed,
        duplicates_across=data.split.duplicates_across,
        column=data.schema.with_role("group") or data.schema.with_role("time"),
    )


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


def _dependent(data: Prepared) -> list[str]:
    """Return a word on intervals where rows are not independent."""
    if data.split.method == "stratified":
        return []
    why = "Rows of one group are alike" if data.split.method == "group" else "Rows near in time are alike"
    return [f"{why}; the intervals take rows for independent, so they are too narrow."]


def _learning_rate(search: RateSearch) -> parts.LearningRate:
    best, stable = search.best.recipe.learning_rate, search.largest_stable
    return parts.LearningRate(
        best=best,
        largest_stable=stable,
        smallest_diverged=search.smallest_diverged,
        ratio=best / stable if stable else None,
        resolved_factor=search.resolved_factor,
        extended=search.extended,
        at_border=search.at_border,
        text=rate_ratio_text(best, stable, search.smallest_diverged, search.resolved_factor),
    )
