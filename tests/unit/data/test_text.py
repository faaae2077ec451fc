"""Cells as text."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from practicum.data.text import (
    MISSING_SPELLINGS,
    clean,
    first_row,
    is_nested,
    is_textual,
    level_text,
    num_missing,
    truth,
)


@pytest.mark.parametrize("spelling", MISSING_SPELLINGS)
def test_every_spelling_of_missing_becomes_null(spelling: str) -> None:
    """A missing spelling with stray spaces is null, a word is not."""
    assert clean(pl.Series([f" {spelling} ", " word "])).to_list() == [None, "word"]


def test_levels_of_whole_floats_and_integers_are_the_same_text() -> None:
    """1, 1.0 and "1" are one level."""
    assert level_text(pl.Series([1])).to_list() == ["1"]
    assert level_text(pl.Series([1.0])).to_list() == ["1"]
    assert level_text(pl.Series([" 1"])).to_list() == ["1"]


def test_levels_of_other_types_have_a_text() -> None:
    """Fractions, NaN, booleans, dates and categoricals each become text or null."""
    assert level_text(pl.Series([0.5, float("nan"), 1e300])).to_list()[:2] == ["0.5", None]
    assert level_text(pl.Series([True, None])).to_list() == ["true", None]
    assert level_text(pl.Series([date(2011, 1, 2)])).to_list() == ["2011-01-02"]
    assert level_text(pl.Series([" a", "b"], dtype=pl.Categorical)).to_list() == ["a", "b"]


@pytest.mark.parametrize(
    "cells",
    [["yes", "NO", None], ["t", "f", "?"], ["1", "0", ""], [1, 0, 2], [1.0, 0.0, None], [True, False, None]],
)
def test_truth_reads_every_spelling(cells: list[object]) -> None:
    """Words, numbers and booleans give yes, no and null."""
    assert truth(pl.Series(cells)).to_list() == [True, False, None]


def test_missing_cells_are_counted_in_text_and_numbers() -> None:
    """Null, NaN and spellings all count."""
    assert num_missing(pl.Series(["a", "?", None])) == 2
    assert num_missing(pl.Series([1.0, float("nan"), None])) == 2
    assert num_missing(pl.Series([1, None])) == 1


def test_first_row_counts_from_one_and_skips_nulls() -> None:
    """The first true row is named as a person counts."""
    assert first_row(pl.Series([None, False, True, True])) == 3


def test_types_are_told_apart() -> None:
    """Lists are nested; strings and levels are text."""
    assert is_nested(pl.Series([[1]]).dtype)
    assert not is_nested(pl.Series([1]).dtype)
    assert is_textual(pl.Enum(["a"]))
    assert not is_textual(pl.Series([1]).dtype)
