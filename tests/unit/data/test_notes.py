"""Sentences about a preparation, and the check that columns are there."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.encode import ColumnPlan
from practicum.data.notes import check_present, fit_notes, listed, rows_notes
from practicum.data.numeric import Scaling
from practicum.data.schema import Column, Schema

SCHEMA = Schema(task="regression", target="y", columns=[Column(name="c", kind="boolean")])


def test_long_lists_are_cut() -> None:
    """Five names, then how many more."""
    assert listed("abcde") == "a, b, c, d, e"
    assert listed("abcdefg") == "a, b, c, d, e and 2 more"


def test_a_plain_fit_says_nothing() -> None:
    """No news is good news."""
    assert list(fit_notes([ColumnPlan("c", "numeric", scalings={"c": Scaling()})])) == []


def test_each_surprise_of_a_fit_is_said_once() -> None:
    """Empty plans, shortened tails and clipped cells."""
    plans = [
        ColumnPlan("a", "numeric"),
        ColumnPlan("b", "numeric", scalings={"b": Scaling(tail="log")}),
        ColumnPlan("c", "numeric", scalings={"c": Scaling(tail="sqrt", num_clipped=3)}),
    ]

    assert list(fit_notes(plans)) == [
        "The same in all training rows, left out: a.",
        "Long tails shortened by the logarithm: b.",
        "Long tails shortened by the square root: c.",
        "Training cells more than 10 deviations from their mean are taken as 10: 3 (c). `tails: log` may suit"
        " these columns.",
    ]


def test_unknown_cells_are_counted_in_the_rows_asked_for() -> None:
    """Other rows don't matter."""
    plans = [ColumnPlan("c", "boolean", scalings={"c": Scaling()})]
    frame = pl.DataFrame({"c": ["yes", "maybe", "perhaps", "no"]})

    assert list(rows_notes(SCHEMA, plans, frame)) == [
        '"c": 2 cells hold what no training row held; taken as unseen.'
    ]
    assert list(rows_notes(SCHEMA, plans, frame, np.array([0, 1]))) == [
        '"c": 1 cell holds what no training row held; taken as unseen.'
    ]


def test_missing_columns_are_named_and_kept() -> None:
    """The names ride on the error."""
    with pytest.raises(DataError, match="2 of 3 are missing: b, c") as caught:
        check_present(["a", "b", "c"], ["a", "z"])

    assert caught.value.values == {"columns": ["b", "c"]}
