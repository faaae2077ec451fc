"""How good the committee is: on the rows it learnt from, on those that chose, and, once, on the test set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core import parts
from practicum.core.measures import DEFAULT
from practicum.core.measuring import interval, paired_difference, value
from practicum.core.metrics import Array, Task, metrics
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.data.pipeline import Prepared
from practicum.data.preparations import Preparations
from practicum.models.baselines import Baseline
from practicum.models.committee import committee_prediction
from practicum.report.predicted import Predictions
from practicum.runs.elect import Elected

MAX_TRAIN_ROWS = 20_000
"""Training error is measured on at most so many rows."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that was measured of the finished committee.

    Attributes:
        train: error on the rows learnt from.
        valid: error on the rows that chose.
        test: errors of committee and members on the test rows; None where no rows were kept for that.
        baselines: errors of the baselines on validation and test rows.
        predictions: truth and prediction of the test rows.
    """

    train: parts.Score
    valid: parts.Score
    test: parts.TestScore | None
    baselines: list[parts.BaselineScore]
    predictions: Predictions


def score_all(
    preparations: Preparations, elected: Elected, baselines: Sequence[Baseline], metric: str = DEFAULT
) -> Scores:
    """Return all scores, errors in ``metric``. The test set is looked at here, once.

    Where folds were trained, every row chose and taught in turn: the validation error is of members that have not seen
    the row, the training error of the rows that the first member learnt from.
    """
    data, committee = preparations.data, elected.committee
    rows = train_sample(preparations.of(elected.results[0].recipe).split.train)
    each = committee.predict_each(elected.test_inputs(preparations)) if len(data.test) else None
    on_test = None if each is None else committee_prediction(each, committee.votes)
    learnt, chosen = elected.inputs(preparations, rows), elected.inputs(preparations, elected.valid_rows)
    return Scores(
        train=measure(data, learnt[0], committee.predict(learnt), metric),
        valid=measure(data, chosen[0], elected.valid, metric),
        test=None if each is None or on_test is None else committee_score(data, on_test, each, metric),
        baselines=[baseline_score(data, baseline, on_test, metric) for baseline in baselines],
        predictions=Predictions(np.empty(0), np.empty(0))
        if on_test is None
        else predictions_on_test(data, on_test),
    )


def train_sample(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the numbers of the rows, or a fixed sample where there are very many."""
    if len(rows) <= MAX_TRAIN_ROWS:
        return rows
    return rows[np.sort(stream(0, "training error").choice(len(rows), MAX_TRAIN_ROWS, replace=False))]


def target_of(data: Prepared, rows: Dataset) -> Array:
    """Return the target in the user's unit, or as class numbers and 0/1."""
    values = rows.target.double().numpy()
    return in_unit(data, values)


def in_unit(data: Prepared, values: Array) -> Array:
    """Return standardised values in the target's unit; probabilities as they are."""
    if data.schema.task != "regression":
        return values
    return values * data.preparation.target_scale + data.preparation.target_mean


def measure(data: Prepared, rows: Dataset, prediction: Array, metric: str = DEFAULT) -> parts.Score:
    """Return the error of one prediction with its interval."""
    task, target, values = data.schema.task, target_of(data, rows), in_unit(data, prediction)
    scale = data.preparation.target_scale
    return parts.Score(
        error=value(metric, task, target, values, target_scale=scale),
        interval=interval(metric, task, target, values, target_scale=scale),
        num_rows=len(rows),
    )


def committee_score(data: Prepared, committee: Array, each: Array, metric: str = DEFAULT) -> parts.TestScore:
    """Score the committee and each member alone on the test set."""
    task, target, scale = data.schema.task, target_of(data, data.test), data.preparation.target_scale
    members = [value(metric, task, target, in_unit(data, one), target_scale=scale) for one in each]
    score = measure(data, data.test, committee, metric)
    return parts.TestScore(
        error=score.error,
        interval=score.interval,
        num_rows=score.num_rows,
        members=members,
        committee=score.error,
        member_mean=float(np.mean(members)),
        difference=_paired(data, committee, each[0], metric) if len(each) > 1 else None,
        metrics=further(task, target, in_unit(data, committee), metric, scale),
    )


def further(
    task: Task, target: Array, prediction: Array, metric: str, target_scale: float
) -> dict[str, float]:
    """Return other measures by name, in the form people know; the default error too where another one was chosen."""
    found = metrics(task, target, prediction)
    if task != "regression":
        found["f1"] = 1.0 - value("f1", task, target, prediction)
    if metric != DEFAULT:
        found[DEFAULT] = value(DEFAULT, task, target, prediction, target_scale=target_scale)
    return found


def _paired(data: Prepared, a: Array, b: Array, metric: str) -> parts.Paired:
    """Return the test error of prediction ``a`` minus that of ``b``, row by row."""
    found = paired_difference(
        metric,
        data.schema.task,
        target_of(data, data.test),
        in_unit(data, a),
        in_unit(data, b),
        target_scale=data.preparation.target_scale,
    )
    return parts.Paired(value=found.value, interval=(found.low, found.high))


def predictions_on_test(data: Prepared, committee: Array) -> Predictions:
    """Return truth and the committee's prediction of each test row, as class numbers or in the target's unit."""
    return predictions_of(data, target_of(data, data.test), in_unit(data, committee))


def predictions_of(data: Prepared, target: Array, values: Array) -> Predictions:
    """Return truth and prediction as class numbers or in the target's unit."""
    if data.schema.task == "regression":
        return Predictions(target[:, 0], values[:, 0])
    if data.schema.task == "binary":
        return Predictions(target[:, 0].astype(np.int64), (values[:, 0] > 0.5).astype(np.int64))
    return Predictions(target.argmax(1), values.argmax(1))


def baseline_score(
    data: Prepared, baseline: Baseline, committee: Array | None, metric: str = DEFAULT
) -> parts.BaselineScore:
    """Return the errors of a baseline, and the committee's test error minus its own, row by row."""
    tested = None if committee is None else baseline.test
    return parts.BaselineScore(
        name=baseline.name,
        description=baseline.description,
        valid=measure(data, data.valid, baseline.valid, metric),
        test=None if tested is None else measure(data, data.test, tested, metric),
        difference=None if committee is None or tested is None else _paired(data, committee, tested, metric),
    )
