"""The target: task, classes, labels as numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import ConfigError, DataError
from practicum.data.target import encode_labels, fit_target, has_target, read_target, understand_target


def column(*cells: object) -> pl.Series:
    """Return a target column called y."""
    return pl.Series("y", cells, strict=False)


@pytest.mark.parametrize(
    ("cells", "task", "classes"),
    [
        (["yes", "no"] * 5, "binary", ["no", "yes"]),
        ([" >50K", " <=50K"] * 5, "binary", ["<=50K", ">50K"]),
        ([True, False] * 5, "binary", ["false", "true"]),
        ([1, -1] * 5, "binary", ["-1", "1"]),
        ([1.0, 0.0, None] * 5, "binary", ["0", "1"]),
        (["No", "yes"] * 5, "binary", ["No", "yes"]),
        (["10", "9", "8"] * 5, "multiclass", ["8", "9", "10"]),
        (["b", "a", "C"] * 5, "multiclass", ["a", "b", "C"]),
        (list(range(10)) * 3, "multiclass", [str(digit) for digit in range(10)]),
        ([3.0, 2.0, 1.0] * 5, "multiclass", ["1", "2", "3"]),
        ([0.5, 1.5, 2.5] * 5, "regression", None),
        (list(range(21)) * 5, "regression", None),
        (list(range(10)) * 2, "regression", None),
        ([1, 2, 3] * 9 + [4], "regression", None),
        (["1.5", "2.5", "?", "3.5"] * 5, "regression", None),
    ],
)
def test_the_task_follows_the_stated_rule(cells: list[object], task: str, classes: list[str] | None) -> None:
    """Two values, text, few whole numbers and the rest each have their task; classes are sorted."""
    assert understand_target(column(*cells)) == (task, classes)


def test_the_task_can_be_given() -> None:
    """Ten whole numbers may be an amount, two labels many classes."""
    assert understand_target(column(*range(10)), "regression") == ("regression", None)
    assert understand_target(column(*"ab" * 5), "multiclass") == ("multiclass", ["a", "b"])


def test_the_order_of_classes_can_be_given() -> None:
    """A person may choose the positive class."""
    assert understand_target(column(*"ab" * 5), "auto", ["b", "a"])[1] == ["b", "a"]


def test_classes_that_are_not_the_labels_are_refused() -> None:
    """The message shows both."""
    with pytest.raises(
        ConfigError, match=r'`classes` must be the labels found in `y`, "a", "b".* got "a", "c"'
    ):
        understand_target(column(*"ab" * 5), "auto", ["a", "c"])


@pytest.mark.parametrize(
    ("series", "task", "message"),
    [
        (pl.Series("y", [], dtype=pl.Int64), "auto", "must have rows, but got 0"),
        (column(*[None] * 12), "auto", "`y` must have values to be a target, but all 12 rows are missing"),
        (column(*["?"] * 12), "auto", "but all 12 rows are missing"),
        (column(*"ab" * 4), "auto", "at least 10 rows with a target .*but got 8"),
        (column(*["a"] * 12), "auto", '`y` must have at least two different values.* all are "a"'),
        (column(*"aaaaaaaaaaab"), "auto", '`y` must have at least 2 rows.* 1 of 2 have 1 ."b"'),
        (column(*range(12)), "multiclass", "12 of 12 have 1 .*use task regression"),
        (column(*"abc" * 4), "binary", "must have 2 different values for task binary, but got 3"),
        (
            column(*["1", "2", "x"] * 4),
            "regression",
            '`y` must hold numbers for task regression, but got "x"',
        ),
        (column(*"ab" * 6), "regression", '`y` must hold numbers for task regression, but got "a"'),
        (column(*[date(2011, 1, 1)] * 12), "auto", "must hold labels or numbers.*Date"),
        (column(*[1.0, float("inf")] * 6), "auto", "`y` must hold finite numbers"),
        (column(*[f"c{i}" for i in range(1001)] * 2), "auto", "at most 1000 classes, but got 1,001"),
    ],
)
def test_a_target_that_cannot_be_learned_says_why(series: pl.Series, task: str, message: str) -> None:
    """Each reason has its message."""
    with pytest.raises(DataError, match=message):
        understand_target(series, task)  # type: ignore[arg-type]


def test_labels_are_compared_after_stripping() -> None:
    """Stray spaces and whole floats do not make other labels."""
    assert encode_labels(column(" b", "a "), ["a", "b"]).tolist() == [1, 0]
    assert encode_labels(column(1.0, 0.0), ["0", "1"]).tolist() == [1, 0]


def test_a_trailing_dot_is_matched_and_said() -> None:
    """The Adult test file writes its labels with a dot."""
    notes: list[str] = []

    assert encode_labels(column("<=50K.", " >50K."), ["<=50K", ">50K"], notes).tolist() == [0, 1]
    assert notes == ['2 labels of "y" were matched without their trailing ".".']


def test_exact_labels_say_nothing() -> None:
    """A label that ends in a dot in training too is no matter."""
    notes: list[str] = []
    encode_labels(column("a.", "b."), ["a.", "b."], notes)

    assert notes == []


def test_a_new_label_is_refused() -> None:
    """The nearest class is offered."""
    with pytest.raises(DataError, match=r'`y` must be one of the classes.* got "negatve".*"negative"'):
        encode_labels(column("negatve"), ["negative", "positive"])


def test_missing_targets_are_refused_where_they_are_needed() -> None:
    """Labels and values both must be there."""
    with pytest.raises(DataError, match=r"`y` must have a value in each row, but 1 rows miss it"):
        encode_labels(column("a", None), ["a", "b"])
    with pytest.raises(DataError, match=r"`y` must have a value in each row, but 1 rows miss it"):
        read_target(column(1.5, None))


def test_rows_with_a_target_are_found() -> None:
    """Null, NaN and missing spellings are no target."""
    assert has_target(column(1.0, float("nan"), None)).to_list() == [True, False, False]
    assert has_target(column("a", "?", None)).to_list() == [True, False, False]
    assert has_target(column(1, None)).to_list() == [True, False]


def test_regression_targets_are_scaled_by_their_deviation() -> None:
    """Mean and deviation of the values; labels and constant values have scale 1."""
    assert fit_target(column(1.0, 3.0), "regression") == (2.0, 1.0)
    assert fit_target(column(5.0, 5.0), "regression") == (5.0, 1.0)
    assert fit_target(column("a", "b"), "binary") == (0.0, 1.0)
    np.testing.assert_array_equal(read_target(column("1", "2.5")), [1.0, 2.5])
