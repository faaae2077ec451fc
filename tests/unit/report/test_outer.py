"""Facts about the scores of nested cross-validation: all rows together, each predicted once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.made_outcomes import SMALL, constant_baseline, elected, learned, prepared, result

from practicum.core.measuring import value
from practicum.data.preparations import Preparations
from practicum.report.outer import Outer, OuterRows, in_turn, nested_part, outer_rows
from practicum.report.scores import score_all


def fold(target: list[float], prediction: list[float], **values: Any) -> OuterRows:
    """Return an outer fold's rows; the constant says one half."""
    given: dict[str, Any] = {
        "target": np.array(target)[:, None],
        "prediction": np.array(prediction)[:, None],
        "baselines": {"constant": np.full((len(target), 1), 0.4)},
        "valid_error": 0.1,
        "num_settings": 8,
        "values": {"learning_rate": 0.1, "hidden_sizes": (4, 4)},
        "decisions": {"cut": {}},
    }
    return OuterRows(**{**given, **values})


TWO = Outer(2, [fold([0, 0, 1, 1], [0.1, 0.2, 0.9, 0.3]), fold([0, 1], [0.6, 0.2])], num_copies=3)


def untested(data: Any) -> Any:
    """Return the scores of a committee that no rows were kept for."""
    chosen = elected(data, [result(data, trial) for trial in range(2)])
    return score_all(Preparations(data), chosen, [constant_baseline(data)])


def test_the_folds_rows_are_scored_together_and_each_by_itself() -> None:
    """Three of six are wrong: one of four, two of two."""
    data = prepared("binary", test_fraction=0.0)
    part = nested_part(TWO, data, "error")

    assert [one.error for one in part.folds] == [0.25, 1.0]
    assert [one.num_rows for one in part.folds] == [4, 2]
    assert (part.error, part.num_rows, part.mean, part.num_copies) == (0.5, 6, 0.625, 3)
    assert part.interval[0] < 0.5 < part.interval[1]
    assert part.deviation == pytest.approx(np.std([0.25, 1.0], ddof=1))
    assert part.folds[0].values == {"learning_rate": 0.1, "hidden_sizes": [4, 4]}


def test_where_no_fold_was_whole_nothing_is_invented() -> None:
    """And without nested cross-validation there is no such part."""
    data = prepared("binary", test_fraction=0.0)
    scores = untested(data)
    none = Outer(3, [], interrupted=True)

    assert np.isnan(nested_part(none, data, "error").error)
    assert in_turn(scores, none, data, "error") is scores
    assert nested_part(None, data, "error") is None
    assert scores.test is None
    assert scores.baselines[0].test is None


def test_without_a_test_set_the_folds_are_the_test() -> None:
    """Committee, baseline and their difference on the same six rows."""
    data = prepared("binary", test_fraction=0.0)
    scores = in_turn(untested(data), TWO, data, "error")

    assert (scores.test.error, scores.test.num_rows, scores.test.members) == (0.5, 6, [])
    assert (scores.baselines[0].test.error, scores.baselines[0].test.num_rows) == (0.5, 6)
    assert scores.baselines[0].difference.value == 0.0
    assert scores.predictions.predicted.tolist() == [0, 0, 1, 0, 1, 0]


def test_a_test_set_stays_the_test() -> None:
    """Rows that were given for it go first."""
    data = prepared("binary")
    scores = untested(data)

    assert scores.test is not None
    assert in_turn(scores, TWO, data, "error") is scores


def test_a_baseline_that_a_fold_lacks_is_not_scored() -> None:
    """The linear model needs two classes to learn from."""
    data = prepared("binary", test_fraction=0.0)
    lacking = Outer(2, [TWO.folds[0], fold([0, 1], [0.6, 0.2], baselines={})])

    assert in_turn(untested(data), lacking, data, "error").baselines[0].test is None


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_an_outer_fold_says_what_its_committee_says_of_its_test_rows(task: str) -> None:
    """In the user's unit, against the truth of the table."""
    data = prepared(task)
    some = learned(data, baselines=[constant_baseline(data)])
    rows = outer_rows(some)
    test = score_all(some.data, some.elected, []).test
    scale = {"target_scale": data.preparation.target_scale}

    assert value("error", task, rows.target, rows.prediction, **scale) == pytest.approx(test.error)
    assert rows.baselines["constant"].shape == rows.prediction.shape
    assert (rows.num_settings, rows.decisions) == (0, some.decisions)
    assert SMALL.learning_rate == some.winner.recipe.learning_rate
