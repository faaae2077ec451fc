"""What one column holds: its kind, with the reason where it is not obvious.

Cheap looks first: text is judged by its different values, which are few, not by its cells.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from practicum.core.errors import DataError
from practicum.data import dates
from practicum.data.categorical import count_levels
from practicum.data.numeric import read_numbers
from practicum.data.schema import MAX_LISTED_LEVELS, Column, Kind
from practicum.data.text import (
    FALSE_WORDS,
    TRUE_WORDS,
    clean,
    is_nested,
    is_textual,
    level_text,
    num_missing,
    truth,
)

MAX_LEVELS = 1000  # more would make a very wide input; such a column is set aside
FEW_LEVELS = 20  # so many are never too many
LEVELS_FRACTION = 0.05  # of the rows: 20 rows a level on average, or there is nothing to learn about it
MIN_UNIQUE = 10  # fewer rows may all differ by chance

_ID_NAME = re.compile(r"(^|[_\s.-])(id|ids|uuid|guid|rowid|row_?number|unnamed: 0|index)$", re.I)
_ID_CAMEL = re.compile(r"[a-z0-9](Id|ID)$")
_CODE = r"^0\d+$"  # leading zeros: a code, not an amount
_DRESSED = r"^[+-]?[$€£¥]?\s?[+-]?\d+([.,'’\s]\d{3})*([.,]\d+)?\s?[$€£¥%]?$"  # "1.234,56", "$4,567.00", "12%"

CONSTANT_NOTE = "has one value only"
EMPTY_NOTE = "has no values"


def level_limit(rows: int) -> int:
    """Return how many different strings a categorical column of a table with ``rows`` rows may have."""
    return min(MAX_LEVELS, max(FEW_LEVELS, int(rows * LEVELS_FRACTION)))


def understand_column(series: pl.Series) -> Column:
    """Return what a column holds, judged by its values and, for identifiers, its name.

    Args:
        series: the whole column.

    Returns:
        The column with its kind; the role is "input" (the caller decides).

    Raises:
        DataError: if a number is infinite.

    Example:
        >>> understand_column(pl.Series("smokes", ["yes", "no", "?", "no"])).kind
        'boolean'
    """
    if is_nested(series.dtype):
        return Column(name=series.name, kind="text", note=f"holds {series.dtype} values, which are not read")
    if is_textual(series.dtype):
        return _from_text(clean(series))
    if series.dtype == pl.Boolean:
        return _two_valued(series, series.n_unique() - (series.null_count() > 0))
    if dates.is_moment(series.dtype):
        return _constant_or(series, Column(name=series.name, kind="datetime", missing=series.null_count()))
    return _from_numbers(series)


def force_kind(series: pl.Series, kind: Kind, form: str | None = None) -> Column:
    """Return a column read as a person says it should be.

    Args:
        series: the whole column.
        kind: what it should be.
        form: format of dates written as text; None: found out.

    Raises:
        DataError: if no cell can be read so.
    """
    name = series.name
    if kind == "numeric":
        values = read_numbers(series, lenient=True)
        missing, before = int(np.isnan(values).sum()), num_missing(series)
        _check_some(series, missing, kind)
        note = f"{missing - before:,} cells that are no number count as missing" if missing > before else ""
        return Column(name=name, kind=kind, missing=missing, text_is_missing=missing > before, note=note)
    if kind == "boolean":
        values_or_null = truth(series)
        _check_some(series, values_or_null.null_count(), kind)
        return Column(name=name, kind=kind, missing=values_or_null.null_count(), num_levels=2)
    if kind == "datetime":
        text = clean(series) if is_textual(series.dtype) else None
        form = (form or dates.find_format(text)) if text is not None else None
        moments = dates.to_moments(series, form)
        _check_some(series, moments.null_count(), kind)
        return Column(name=name, kind=kind, missing=moments.null_count(), format=form)
    if kind == "categorical":
        names, _ = count_levels(level_text(series))
        return _categorical(name, num_missing(series), names)
    return Column(name=name, kind=kind, missing=num_missing(series), note=f"{kind}, as the schema says")


def _from_text(text: pl.Series) -> Column:
    """Judge a column of strings by its levels."""
    missing, rows = text.null_count(), len(text)
    levels, _ = count_levels(text)
    values = pl.Series(text.name, levels, dtype=pl.String)
    numbers = values.cast(pl.Float64, strict=False)
    codes = bool(values.str.contains(_CODE).any())
    spelled = numbers.null_count() == 0 and not codes
    if spelled and len(levels) > FEW_LEVELS:
        found = _from_numbers(text.cast(pl.Float64))
        note = "is text that spells numbers, read as numbers; set kind to categorical if they are names"
        return found.model_copy(update={"note": found.note or note})
    kind, note, form = _kind_of_text(values, rows, missing, numbers)
    if codes and kind in ("categorical", "text"):
        note = "has leading zeros, so these are codes, not amounts"
    elif spelled and kind == "categorical":
        note = "is text that spells few numbers, read as levels; set kind to numeric if they are amounts"
    if kind == "categorical":
        return _categorical(text.name, missing, levels, note)
    if kind == "text":
        many = f"has {len(levels):,} different strings in {rows:,} rows, too many for levels"
        note = f"{many}; {note}" if note else many
    return Column(name=text.name, kind=kind, missing=missing, num_levels=len(levels), format=form, note=note)


def _kind_of_text(
    values: pl.Series, rows: int, missing: int, numbers: pl.Series
) -> tuple[Kind, str, str | None]:
    """Return kind, note and date format of strings, given their levels and these read as numbers."""
    if len(values) == 0 or (len(values) == 1 and missing == 0):
        return "constant", CONSTANT_NOTE if len(values) else EMPTY_NOTE, None
    if _is_boolean(values.to_list()):
        return "boolean", "", None
    form = dates.find_format(values)
    if form is not None:
        swapped = dates.is_ambiguous(values, form)
        return "datetime", f"read as {form}, day before month" if swapped else "", form
    dressed = _dressed_note(values, numbers)
    if len(values) == rows - missing >= MIN_UNIQUE and not values.str.contains(r"\s").any():
        note = "has a different value in each row"
        return "identifier", f"{note}; {dressed}" if dressed else note, None
    few = len(values) <= level_limit(rows)
    return "categorical" if few else "text", dressed or _mixed_note(values, numbers), None


def _from_numbers(series: pl.Series) -> Column:
    """Judge a column of numbers."""
    if series.dtype.is_temporal() or series.dtype.is_decimal() or series.dtype == pl.Null:
        series = pl.Series(series.name, read_numbers(series), nan_to_null=True)
    missing = num_missing(series)
    known = series.fill_nan(None) if series.dtype.is_float() else series
    low, high = known.min(), known.max()
    if low is None or high is None:
        return Column(name=series.name, kind="constant", missing=missing, note=EMPTY_NOTE)
    if series.dtype.is_float():
        read_numbers(series)  # raises where infinite
    if low == high and missing == 0:
        return Column(name=series.name, kind="constant", num_levels=1, note=CONSTANT_NOTE)
    if (low, high) == (0, 1) and bool(((known == 0) | (known == 1)).all()):
        return Column(name=series.name, kind="boolean", missing=missing, num_levels=2)
    if series.dtype.is_integer() and missing == 0 and len(series) >= MIN_UNIQUE:
        consecutive = int(high) - int(low) + 1 == len(series)  # type: ignore[arg-type]
        named = looks_like_id(series.name)
        if (consecutive or named) and series.n_unique() == len(series):
            why = "numbers the rows" if consecutive else "has a different number in each row"
            return Column(name=series.name, kind="identifier", num_levels=len(series), note=why)
        if named:
            note = "is named like an identifier but repeats; set role to ignored or group if it is one"
            return Column(name=series.name, kind="numeric", note=note)
    return Column(name=series.name, kind="numeric", missing=missing)


def looks_like_id(name: str) -> bool:
    """Return whether a column's name says that it names rows.

    Example:
        >>> looks_like_id("customer_id"), looks_like_id("customerID"), looks_like_id("humid")
        (True, True, False)
    """
    return bool(_ID_NAME.search(name) or _ID_CAMEL.search(name))


def _categorical(name: str, missing: int, levels: list[str], note: str = "") -> Column:
    listed = levels if len(levels) <= MAX_LISTED_LEVELS else None
    return Column(
        name=name, kind="categorical", missing=missing, num_levels=len(levels), levels=listed, note=note
    )


def _two_valued(series: pl.Series, num_levels: int) -> Column:
    column = Column(name=series.name, kind="boolean", missing=series.null_count(), num_levels=num_levels)
    return _constant_or(series, column)


def _constant_or(series: pl.Series, column: Column) -> Column:
    """Return ``column``, or a constant one if its values do not differ."""
    if series.null_count() == len(series):
        return column.model_copy(update={"kind": "constant", "note": EMPTY_NOTE})
    if column.missing == 0 and series.min() == series.max():
        return column.model_copy(update={"kind": "constant", "note": CONSTANT_NOTE})
    return column


def _is_boolean(levels: list[str]) -> bool:
    """Return whether the levels are one word for no and its counterpart for yes, in any case."""
    words = {level.lower() for level in levels} if len(levels) <= 6 else set()
    return any(words == {no, yes} for no, yes in zip(FALSE_WORDS, TRUE_WORDS, strict=True))


def _mixed_note(levels: pl.Series, numbers: pl.Series) -> str:
    """Return a note if some levels are numbers and some are not, with an example of each."""
    if numbers.null_count() in (0, len(numbers)):
        return ""
    number, word = levels.filter(numbers.is_not_null())[0], levels.filter(numbers.is_null())[0]
    return f'mixes numbers and text, e.g. "{number}" and "{word}"; set kind to numeric to take the text as missing'


def _dressed_note(levels: pl.Series, numbers: pl.Series) -> str:
    """Return a note if all levels are numbers, some with thousands separators, a currency or a per cent sign."""
    if numbers.null_count() == 0 or not levels.str.contains(_DRESSED).all():
        return ""
    example = levels.filter(numbers.is_null())[0]
    return f'looks like numbers with separators or signs, e.g. "{example}"; write them plainly, as 1234.56, to use them'


def _check_some(series: pl.Series, missing: int, kind: Kind) -> None:
    if missing == len(series):
        example = level_text(series).drop_nulls().head(1).to_list()
        got = f'"{example[0]}"' if example else "no values"
        raise DataError(
            f"`{series.name}` must hold {kind} values, as the schema says, but got {got} and no cell that fits."
            " Correct its kind in the schema.",
            column=series.name,
            kind=kind,
        )
