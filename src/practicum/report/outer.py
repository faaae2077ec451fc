"""What nested cross-validation says: each outer fold's rows predicted once, then scored all together [3-03]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from practicum.core import parts
from practicum.core.intervals import Difference
from practicum.core.measuring import interval, paired_difference, value
from practicum.core.metrics import Array
from practicum.core.nested import Nested, OuterFold
from practicum.data.pipeline import Prepared
from practicum.report.scores import Scores, further, in_unit, measure, predictions_of, target_of

if TYPE_CHECKING:
    from practicum.report.assemble import Learned


@dataclass(frozen=True, slots=True)
class OuterRows:
    """What an outer fold's committee says of the rows that it has never seen.

    Attributes:
        target: truth, class numbers and 0/1 or in the target's unit, (N, O).
        prediction: probabilities, or values in the target's unit, (N, O).
        baselines: the same of the baselines, which were fitted without these rows too.
        valid_error: of the committee on the rows that chose it.
        num_settings: tried in the fold's search.
        values: of its best setting.
        decisions: what time decided.
    """

    target: Array
    prediction: Array
    baselines: Mapping[str, Array]
    valid_error: float
    num_settings: int
    values: Mapping[str, Any]
    decisions: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outer:
    """The outer folds that were done.

    Attributes:
        num_folds: how many were asked for.
        folds: that were done, in order.
        num_copies: rows that have an exact copy among those which their fold's networks know.
        interrupted: whether Ctrl-C ended it.
    """

    num_folds: int
    folds: Sequence[OuterRows]
    num_copies: int = 0
    interrupted: bool = False


def outer_rows(learned: Learned) -> OuterRows:
    """Return what an outer fold's experiment says of its test rows. They are looked at here, once."""
    data, elected, metric = learned.data.data, learned.elected, learned.request.metric
    chosen = elected.inputs(learned.data, elected.valid_rows)
    return OuterRows(
        target=target_of(data, data.test),
        prediction=in_unit(data, elected.committee.predict(elected.test_inputs(learned.data))),
        baselines={one.name: in_unit(data, one.test) for one in learned.baselines if one.test is not None},
        valid_error=measure(data, chosen[0], elected.valid, metric).error,
        num_settings=0 if learned.hunt is None else len(learned.hunt.found.settings),
        values=dict(learned.winner.values),
        decisions=learned.decisions,
    )


def nested_part(outer: Outer | None, data: Prepared, metric: str) -> Nested | None:
    """Return what nested cross-validation found; None where it was not asked for.

    Args:
        outer: the folds.
        data: of the run on all rows: its task, and the deviation that errors are shares of.
        metric: of the errors.
    """
    if outer is None:
        return None
    folds = [
        OuterFold(
            num_rows=len(one.target),
            error=value(metric, data.schema.task, one.target, one.prediction, **_scale(data)),
            valid_error=one.valid_error,
            num_settings=one.num_settings,
            values={name: list(v) if isinstance(v, tuple) else v for name, v in one.values.items()},
            decisions=dict(one.decisions),
        )
        for one in outer.folds
    ]
    found = Nested(num_folds=outer.num_folds, folds=folds, num_copies=outer.num_copies)
    if not folds:
        return found
    errors = [fold.error for fold in folds]
    score = _score(outer, data, metric)
    together = {
        "mean": float(np.mean(errors)),
        "deviation": float(np.std(errors, ddof=1)) if len(errors) > 1 else float("nan"),
        "error": score.error,
        "interval": score.interval,
        "num_rows": score.num_rows,
    }
    return found.model_copy(update=together)


def in_turn(scores: Scores, outer: Outer | None, data: Prepared, metric: str) -> Scores:
    """Return ``scores`` with the outer folds' rows as the test, unless there were rows of its own to test on."""
    if scores.test is not None or outer is None or not outer.folds:
        return scores
    target, prediction = _together(outer)
    score = _score(outer, data, metric)
    test = parts.TestScore(
        **score.model_dump(),
        committee=score.error,
        member_mean=float("nan"),
        metrics=further(data.schema.task, target, prediction, metric, data.preparation.target_scale),
    )
    return replace(
        scores,
        test=test,
        baselines=[_baseline(one, outer, data, metric) for one in scores.baselines],
        predictions=predictions_of(data, target, prediction),
    )


def _baseline(known: parts.BaselineScore, outer: Outer, data: Prepared, metric: str) -> parts.BaselineScore:
    """Return a baseline's score with its errors on the outer folds' rows, where each fold has it."""
    if any(known.name not in one.baselines for one in outer.folds):
        return known
    target, committee = _together(outer)
    prediction = np.concatenate([one.baselines[known.name] for one in outer.folds])
    task = data.schema.task
    found: Difference = paired_difference(metric, task, target, committee, prediction, **_scale(data))
    test = parts.Score(
        error=value(metric, task, target, prediction, **_scale(data)),
        interval=interval(metric, task, target, prediction, **_scale(data)),
        num_rows=len(target),
    )
    difference = parts.Paired(value=found.value, interval=(found.low, found.high))
    return known.model_copy(update={"test": test, "difference": difference})


def _score(outer: Outer, data: Prepared, metric: str) -> parts.Score:
    target, prediction = _together(outer)
    return parts.Score(
        error=value(metric, data.schema.task, target, prediction, **_scale(data)),
        interval=interval(metric, data.schema.task, target, prediction, **_scale(data)),
        num_rows=len(target),
    )


def _together(outer: Outer) -> tuple[Array, Array]:
    """Return truth and prediction of all rows, fold after fold."""
    target, prediction = (
        np.concatenate([getattr(one, name) for one in outer.folds]) for name in ("target", "prediction")
    )
    return target, prediction


def _scale(data: Prepared) -> dict[str, float]:
    return {"target_scale": data.preparation.target_scale}
