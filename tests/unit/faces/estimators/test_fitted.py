"""Facts about what an estimator knows and how a pass changes it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.core.seeds import stream
from practicum.faces.estimators.fitted import Fitted, weighted
from practicum.faces.estimators.inputs import schema_of
from practicum.recipe import Recipe

RECIPE = Recipe(hidden_sizes=(8,), learning_rate=0.1)


def table(num_rows: int = 200) -> pl.DataFrame:
    """Return rows of a product."""
    x = stream(0, "tests/fitted").normal(size=(num_rows, 2))
    return pl.DataFrame({"a": x[:, 0], "b": 100 * x[:, 1], "target": 50 + 10 * x[:, 0] + x[:, 1]})


def schema():
    """Return the schema of :func:`table`."""
    return schema_of(table().select("a", "b"), "regression", "target", None)


def deviation(fitted: Fitted) -> float:
    """Return how far off the predictions are."""
    found = fitted.predictor.decode(fitted.predictor.outputs(table()))
    return float(np.sqrt(np.mean((found - table()["target"].to_numpy()) ** 2)))


def test_passes_make_it_better():
    """The first rows decide the scales, the passes bring the error down."""
    first = Fitted.begun(table(), schema(), RECIPE, "cpu")
    later = first
    for _ in range(8):
        later = later.passed_on(table(), "cpu")

    assert deviation(later) < 0.4 * deviation(first) < 5
    assert later.courses[0].step == 9 * first.courses[0].step
    assert later.predictor.preparations == first.predictor.preparations


def test_a_pass_changes_nothing_of_what_was_before():
    """The old object predicts as it did."""
    first = Fitted.begun(table(), schema(), RECIPE, "cpu")
    before = first.predictor.outputs(table())
    first.passed_on(table(), "cpu")

    np.testing.assert_array_equal(first.predictor.outputs(table()), before)


def test_rows_are_copied_by_their_weights():
    """A row of three times the weight stands there three times as often; no weights change nothing."""
    frame = table(4)
    counts = weighted(frame, np.array([1.0, 3.0, 0.0, 0.0]), None)["a"].value_counts()

    assert sorted(counts["count"].to_list()) == [4, 12]
    assert weighted(frame, None, None) is frame
    assert len(weighted(frame, np.ones(4), np.array([1.0, 0, 0, 0])).unique()) == 1


def test_no_row_that_counts_is_an_error():
    """Nothing can be learned from rows of no weight."""
    with pytest.raises(DataError, match="At least one row must count"):
        weighted(table(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
