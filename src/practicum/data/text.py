"""Cells as text: stray spaces off, every common spelling of "missing" to null, one spelling for each level.

The same functions serve training rows and new rows, so that a level is written alike in both.
"""

from __future__ import annotations

import polars as pl

from practicum.data.readers.cells import MISSING

MISSING_SPELLINGS = ("", *MISSING)

# What people write for a yes-no column, folded to lower case; "0"/"1" also as numbers.
FALSE_WORDS = ("false", "no", "n", "f", "off", "0", "0.0")
TRUE_WORDS = ("true", "yes", "y", "t", "on", "1", "1.0")

_NESTED = (pl.List, pl.Array, pl.Struct, pl.Object, pl.Binary)


def is_nested(dtype: pl.DataType) -> bool:
    """Return whether cells hold lists, structures or bytes, which no kind of column covers."""
    return dtype.base_type() in _NESTED


def is_textual(dtype: pl.DataType) -> bool:
    """Return whether cells are strings (plain or as levels)."""
    return dtype.base_type() in (pl.String, pl.Categorical, pl.Enum)


def clean(series: pl.Series) -> pl.Series:
    """Return strings without spaces around, missing spellings (:data:`MISSING_SPELLINGS`) as null.

    Example:
        >>> clean(pl.Series(["a ", "?", None])).to_list()
        ['a', None, None]
    """
    stripped = series.cast(pl.String).str.strip_chars()
    return stripped.set(stripped.is_in(MISSING_SPELLINGS), None)


def level_text(series: pl.Series) -> pl.Series:
    """Return each cell as the text of its level: strings cleaned, whole floats without ".0".

    Args:
        series: any column that is not nested.

    Returns:
        Strings and nulls; NaN is null.

    Example:
        >>> level_text(pl.Series([1.0, 2.5, None])).to_list()
        ['1', '2.5', None]
    """
    if is_textual(series.dtype):
        return clean(series)
    if series.dtype.is_float() or series.dtype.is_decimal():
        numbers = series.cast(pl.Float64).fill_nan(None)
        whole = numbers.cast(pl.Int64, strict=False)
        is_whole = (whole.cast(pl.Float64) == numbers).fill_null(False)
        return whole.cast(pl.String).zip_with(is_whole, numbers.cast(pl.String))
    return series.cast(pl.String)


def truth(series: pl.Series) -> pl.Series:
    """Return booleans; null where a cell is missing or says neither yes nor no.

    Example:
        >>> truth(pl.Series(["Yes", "no", "maybe"])).to_list()
        [True, False, None]
    """
    if series.dtype == pl.Boolean:
        return series
    if series.dtype.is_numeric():
        numbers = series.cast(pl.Float64)
        yes, no = numbers == 1, numbers == 0
    else:
        words = clean(series).str.to_lowercase()
        yes, no = words.is_in(TRUE_WORDS), words.is_in(FALSE_WORDS)
    return yes.set(~(yes | no), None)


def num_missing(series: pl.Series) -> int:
    """Return how many cells are missing: null, NaN, or a spelling of it."""
    if is_textual(series.dtype):
        return clean(series).null_count()
    nans = int(series.is_nan().sum() or 0) if series.dtype.is_float() else 0
    return series.null_count() + nans


def first_row(mask: pl.Series) -> int:
    """Return the number, from 1, of the first row where ``mask`` is true."""
    position = mask.fill_null(False).arg_max()
    return 1 + (position or 0)
