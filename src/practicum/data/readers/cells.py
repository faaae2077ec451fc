"""Cells of text: missing values in every common spelling, stray spaces, numbers written as text.

Works on String columns only, whole columns at a time; numeric columns pass untouched and uncopied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

MISSING = ("?", "NA", "<NA>", "N/A", "#N/A", "n/a", "NaN", "nan", "null", "NULL", "None")
"""Cells that mean "no value" in any column, whatever spaces stand around them."""

MISSING_IN_NUMBERS = ("-", "--", ".", "na", "none", "null", "nan", "-nan", "+nan")
"""Cells that mean "no value" only where all others of the column are numbers, in capitals or not."""


def null_values() -> list[str]:
    """Return what the CSV parser itself should take for null: each spelling, bare or with one space beside it."""
    return ["", " ", *(cell for word in MISSING for cell in (word, f" {word}", f"{word} ", f" {word} "))]


def clean_text(
    frame: pl.DataFrame, *, typed: bool, decimal_comma: bool = False
) -> tuple[pl.DataFrame, Counter[str], list[str]]:
    """Return the frame with its String columns stripped, missing spellings null, and numbers parsed.

    Args:
        frame: any frame; columns of other types stay as they are.
        typed: the source states types (Parquet, memory), so a text column of numbers only is meant as text; it
            becomes numeric only if a missing spelling in it explains why it is text.
        decimal_comma: "1,5" may mean 1.5 (files separated by ";").

    Returns:
        The frame, how many cells had each missing spelling ("" is an empty cell), and notes for the user.
    """
    spellings: Counter[str] = Counter()
    notes: list[str] = []
    for column in [name for name, dtype in frame.schema.items() if dtype == pl.String]:
        before = frame[column]
        text, found = _strip(before)
        cleaned = text
        if not (typed and not found):
            cleaned, more, note = _numbers(text, decimal_comma=decimal_comma)
            found.update(more)
            notes += [note] if note else []
        spellings.update(found)
        if cleaned is not before:
            frame = frame.with_columns(cleaned)
    return frame, spellings, notes


def _strip(column: pl.Series) -> tuple[pl.Series, Counter[str]]:
    """Return the column without outer spaces and missing spellings, and the count of each spelling."""
    text = column.str.strip_chars()
    missing = text.is_in(["", *MISSING])
    if missing.any():
        counts = text.filter(missing).value_counts()
        found = Counter(dict(counts.iter_rows()))
        return text.set(missing, None), found
    if (text.str.len_bytes() == column.str.len_bytes()).all():
        return column, Counter()  # the same cells: keep the buffer that exists
    return text, Counter()


def _numbers(text: pl.Series, *, decimal_comma: bool) -> tuple[pl.Series, Counter[str], str]:
    """Return the column as numbers if every cell is one, else as it is with a note where only some are."""
    present = text.len() - text.null_count()
    if present == 0:
        return text, Counter(), ""
    numbers = text.cast(pl.Float64, strict=False).fill_nan(None)
    parsed = text.len() - numbers.null_count()
    if decimal_comma and parsed < present:
        dotted = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).fill_nan(None)
        if dotted.len() - dotted.null_count() == present:
            return dotted, Counter(), f"Column `{text.name}`: decimal commas are read as points."
    if parsed == 0:
        return text, Counter(), ""
    rest = text.filter(numbers.is_null() & text.is_not_null())
    if parsed < present and rest.str.to_lowercase().is_in(MISSING_IN_NUMBERS).all():
        found = Counter(dict(rest.value_counts().iter_rows()))
        text = text.set(numbers.is_null(), None)
        return _narrow(text, numbers), found, ""
    if parsed < present:
        return text, Counter(), _mixed(text, numbers, present)
    return _narrow(text, numbers), Counter(), ""


def _narrow(text: pl.Series, numbers: pl.Series) -> pl.Series:
    """Return integers if every cell is written as one, else the floats."""
    whole = text.cast(pl.Int64, strict=False)
    return whole if whole.null_count() == text.null_count() else numbers


def _mixed(text: pl.Series, numbers: pl.Series, present: int) -> str:
    """Return the note on a column that mixes numbers and text."""
    odd = (numbers.is_null() & text.is_not_null()).arg_true()
    row = int(odd[0])
    return (
        f"Column `{text.name}` mixes numbers and text: {len(odd):,} of {present:,} values are not numbers, "
        f'e.g. "{text[row][:40]}" in row {row + 1:,}; it stays text.'
    )


def missing_note(
    total: int, spellings: Counter[str], columns: Sequence[str], first: int | None = None
) -> list[str]:
    """Return one sentence on the missing cells, or nothing when there are none.

    Args:
        total: missing cells of the whole table.
        spellings: how many had each spelling; "" counts the empty ones.
        columns: where they are.
        first: only that many rows were searched for spellings, so that their counts say nothing of the rest.

    Example:
        >>> missing_note(1838, Counter({"?": 1836, "": 2}), ["workclass"])
        ['1,838 missing cells: 1,836 as "?", 2 empty (in workclass).']
    """
    if not total:
        return []
    ordered = sorted(spellings.items(), key=lambda item: (-item[1], item[0]))
    words = [(f'as "{word}"' if word else "empty", count) for word, count in ordered if count > 0]
    if first is None:
        how = ": " + ", ".join(f"{count:,} {word}" for word, count in words)
    else:
        how = f", in the first {first:,} rows {' or '.join(word for word, _ in words)}" if words else ""
    where = ", ".join(columns[:5]) + (f" and {len(columns) - 5} more columns" if len(columns) > 5 else "")
    return [f"{total:,} missing {'cell' if total == 1 else 'cells'}{how} (in {where})."]
