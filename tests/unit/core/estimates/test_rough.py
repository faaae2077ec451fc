"""Rough standard errors against the spread of simulated errors."""

from math import isnan, nan

import numpy as np
import pytest

from practicum.core.estimates.rough import SQUARED, doubt_of, rough_standard_error, unknown
from practicum.core.measures import names_for
from practicum.core.measuring import value
from practicum.core.seeds import stream


def _drawn(task: str, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, list[int]]:
    if task == "regression":
        prediction = generator.normal(size=200)
        return prediction + 0.5 * generator.normal(size=200), prediction, [200]
    sizes = [140, 60] if task == "binary" else [100, 70, 30]
    target = np.repeat(np.arange(len(sizes)), sizes)
    logits = generator.normal(size=(200, len(sizes))) + 1.6 * np.eye(len(sizes))[target]
    return target, np.exp(logits) / np.exp(logits).sum(1, keepdims=True), sizes


@pytest.mark.parametrize(
    ("task", "metric"),
    [(task, metric) for task in ("binary", "multiclass", "regression") for metric in names_for(task)],
)
def test_it_is_about_the_spread_of_simulated_errors(task, metric):
    """Within a factor of 1.7, for 200 rows drawn again and again."""
    generator = stream(0, "test rough")
    errors = []
    for _ in range(200):
        target, prediction, sizes = _drawn(task, generator)
        errors.append(value(metric, task, target, prediction))
    found = rough_standard_error(metric, task, float(np.mean(errors)), sizes)

    assert 1 / 1.7 < found / np.std(errors) < 1.7


@pytest.mark.parametrize("metric", names_for("binary"))
def test_no_error_among_few_rows_is_no_certainty(metric):
    """A fraction of 0 has a spread; the mean of losses has none when it is 0."""
    found = rough_standard_error(metric, "binary", 0.0, (10, 10))

    assert found == 0.0 if metric == "log_loss" else 0.01 < found < 0.2


def test_nobody_knows_the_spread_of_what_is_not_finite():
    """Nor that of no rows."""
    assert isnan(rough_standard_error("auc", "binary", nan, (10, 10)))
    assert isnan(rough_standard_error("error", "binary", 0.1, ()))


def test_a_class_without_rows_says_nothing_about_its_f1():
    """The largest spread of a fraction."""
    assert rough_standard_error("f1", "binary", 0.5, (10, 0)) == 0.5
    assert rough_standard_error("auc", "binary", 0.5, (10, 0)) == 0.5


def test_the_spread_of_mean_squares_is_twice_that_of_their_roots():
    """Within 5 % of that of 4000 draws of 200 normal residuals."""
    errors = (stream(0, "test rough squares").normal(size=(4000, 200)) ** 2).mean(1)

    found = rough_standard_error(SQUARED, "regression", float(errors.mean()), (200,))

    assert found == pytest.approx(errors.std(), rel=0.05)


def test_more_folds_are_more_rows():
    """Five folds of 20 rows are as sure as 100 rows; of what nobody knows they say nothing."""
    assert doubt_of("auc", "binary", (8, 12))(0.2, 5) == doubt_of("auc", "binary", (40, 60))(0.2, 1)
    assert isnan(unknown(0.2, 5))
