"""How good the committee is: on the rows it learnt from, on those that chose, and, once, on the test set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from practicum.core import parts
from practicum.core.metrics import Array, error, interval, metrics, paired_difference
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.data.pipeline import Prepared
from practicum.models.baselines import Baseline
from practicum.models.committee import committee_prediction
from practicum.report.predicted import Predictions
from practicum.runs.committee import Committee

MAX_TRAIN_ROWS = 20_000
"""Training error is measured on at most so many rows."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that was measured of the finished committee.

    Attributes:
        train: error on the rows learnt from.
        valid: error on the rows that chose.
        test: errors of committee and members on the test rows.
        baselines: errors of the baselines on validation and test rows.
        predictions: truth and prediction of the test rows.
    """

    train: parts.Score
    valid: parts.Score
    test: parts.TestScore
    baselines: list[parts.BaselineScore]
    predictions: Predictions


def score_all(data: Prepared, committee: Committee, baselines: Sequence[Baseline]) -> Scores:
    """Return all scores. The test set is looked at here, once."""
    learnt = train_sample(data.train)
    each = committee.predict_each(data.test)
    on_test = committee_prediction(each)
    return Scores(
        train=measure(data, learnt, committee.predict(learnt)),
        valid=measure(data, data.valid, committee.predict(data.valid)),
        test=committee_score(data, on_test, each),
        baselines=[baseline_score(data, baseline, on_test) for baseline in baselines],
        predictions=predictions_on_test(data, on_test),
    )


def train_sample(rows: Dataset) -> Dataset:
    """Return the rows, or a fixed sample where there are very many."""
    if len(rows) <= MAX_TRAIN_ROWS:
        return rows
    drawn = np.sort(stream(0, "training error").choice(len(rows), MAX_TRAIN_ROWS, replace=False))
    chosen = torch.from_numpy(drawn)
    return Dataset(rows.x[chosen], rows.codes[chosen], rows.target[chosen], rows.num_levels)


def _target(data: Prepared, rows: Dataset) -> Array:
    """Return the target in the user's unit, or as class numbers and 0/1."""
    values = rows.target.double().numpy()
    return _in_unit(data, values)


def _in_unit(data: Prepared, values: Array) -> Array:
    if data.schema.task != "regression":
        return values
    return values * data.preparation.target_scale + data.preparation.target_mean


def measure(data: Prepared, rows: Dataset, prediction: Array) -> parts.Score:
    """Return the error of one prediction with its interval."""
    task, target, values = data.schema.task, _target(data, rows), _in_unit(data, prediction)
    scale = data.preparation.target_scale
    return parts.Score(
        error=error(task, target, values, target_scale=scale),
        interval=interval(task, target, values, target_scale=scale),
        num_rows=len(rows),
    )


def committee_score(data: Prepared, committee: Array, each: Array) -> parts.TestScore:
    """Score the committee and each member alone on the test set."""
    task, target, scale = data.schema.task, _target(data, data.test), data.preparation.target_scale
    members = [error(task, target, _in_unit(data, one), target_scale=scale) for one in each]
    score = measure(data, data.test, committee)
    return parts.TestScore(
        error=score.error,
        interval=score.interval,
        num_rows=score.num_rows,
        members=members,
        committee=score.error,
        member_mean=float(np.mean(members)),
        difference=_paired(data, committee, each[0]) if len(each) > 1 else None,
        metrics=metrics(task, target, _in_unit(data, committee)),
    )


def _paired(data: Prepared, a: Array, b: Array) -> parts.Paired:
    """Return the test error of prediction ``a`` minus that of ``b``, row by row."""
    found = paired_difference(
        data.schema.task,
        _target(data, data.test),
        _in_unit(data, a),
        _in_unit(data, b),
        target_scale=data.preparation.target_scale,
    )
    return parts.Paired(value=found.value, interval=(found.low, found.high))


def predictions_on_test(data: Prepared, committee: Array) -> Predictions:
    """Return truth and the committee's prediction of each test row, as class numbers or in the target's unit."""
    target, values = _target(data, data.test), _in_unit(data, committee)
    if data.schema.task == "regression":
        return Predictions(target[:, 0], values[:, 0])
    if data.schema.task == "binary":
        return Predictions(target[:, 0].astype(np.int64), (values[:, 0] > 0.5).astype(np.int64))
    return Predictions(target.argmax(1), values.argmax(1))


def baseline_score(data: Prepared, baseline: Baseline, committee: Array) -> parts.BaselineScore:
    """Return the errors of a baseline, and the committee's test error minus its own, row by row."""
    return parts.BaselineScore(
        name=baseline.name,
        description=baseline.description,
        valid=measure(data, data.valid, baseline.valid),
        test=None if baseline.test is None else measure(data, data.test, baseline.test),
        difference=None if baseline.test is None else _paired(data, committee, baseline.test),
    )
