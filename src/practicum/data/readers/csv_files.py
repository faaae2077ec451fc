"""CSV and its kin: the delimiter recognised, missing values found, every defect named with its line.

polars parses the whole file once, in parallel. Everything else looks at the first lines only, or runs only where the
result shows that there is something to look for (a null, a text column, a parse error).
"""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl

from practicum.data.readers import csv_faults
from practicum.data.readers.cells import MISSING, clean_text, missing_note, null_values
from practicum.data.readers.csv_layout import SPOKEN, Layout, layout_of
from practicum.data.readers.files import damaged, first_lines
from practicum.data.readers.frames import check_shape, plain_types
from practicum.data.table import Table

_INFER_ROWS = 10_000
_SEARCH_CELLS = 2_500_000
"""Cells that are searched for spellings of missing: some 80 MB as text. In a larger table they are not all counted."""


def from_csv(path: Path) -> Table:
    """Return the table in a delimited text file, plain, .gz or .zst.

    Raises:
        DataError: if the file cannot be read as one table; the message names line, expected and found.
    """
    layout = layout_of(path)
    frame = _parse(path, layout)
    frame, num_blank = _without_blank_lines(path, layout, frame)
    check_shape(frame, str(path))
    frame = plain_types(frame, str(path))
    frame, late, more = clean_text(frame, typed=False, decimal_comma=layout.delimiter == ";")
    expected = "\t" if ".tsv" in path.suffixes or ".tab" in path.suffixes else ","
    notes = [] if layout.delimiter == expected else [f"Columns are separated by {SPOKEN[layout.delimiter]}."]
    if num_blank:
        notes.append(f"{num_blank:,} blank {'line' if num_blank == 1 else 'lines'} left out.")
    notes += _on_missing(path, layout, frame, late, num_blank)
    return Table(frame, str(path), (*notes, *more))


def _options(layout: Layout) -> dict[str, Any]:
    """Return how polars is told about the layout."""
    return {
        "separator": layout.delimiter,
        "new_columns": list(layout.names),
        "skip_lines": layout.skip_lines,
        "glob": False,
    }


def _parse(path: Path, layout: Layout) -> pl.DataFrame:
    """Return all rows, as typed by the first ones or, where later rows contradict, by all of them."""
    failure: BaseException | None = None
    for attempt in range(3):
        # The parser compares every cell with every spelling: the few that the first rows use take half the time of all.
        try:
            spellings = null_values() if attempt else _first_spellings(path, layout)
            rows = _INFER_ROWS if attempt < 2 else None
            return pl.read_csv(path, null_values=spellings, infer_schema_length=rows, **_options(layout))
        except OSError as error:
            raise damaged(path, "compressed file", error) from None
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            failure = error
            if "could not parse" not in str(error):
                break
    assert failure is not None
    raise csv_faults.explained(path, layout.delimiter, len(layout.names), failure) from None


def _first_spellings(path: Path, layout: Layout) -> list[str]:
    """Return the missing cells of the first rows, spaces and all."""
    text, _ = _first_rows(path, layout, min(_INFER_ROWS, _rows_to_search(len(layout.names))))
    cells = text.unpivot()["value"]
    return cells.filter(cells.str.strip_chars().is_in(["", *MISSING])).unique().to_list()


def _first_rows(path: Path, layout: Layout, rows: int) -> tuple[pl.DataFrame, bool]:
    """Return the first rows as text, none where they do not parse alone, and whether they are all.

    The lines are cut from the file here: told to stop after some rows, the parser has already read far ahead.
    """
    data, whole = first_lines(path, layout.blank_lines + 1 + rows)
    try:
        return pl.read_csv(io.BytesIO(data), infer_schema=False, **_options(layout)), whole
    except (
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
    ):  # a cut inside odd quotes, or a faulty file
        return pl.DataFrame(schema=dict.fromkeys(layout.names, pl.String)), False


def _rows_to_search(num_columns: int) -> int:
    """Return how many rows of that many columns may be held as text."""
    return max(100, _SEARCH_CELLS // num_columns)


def _without_blank_lines(path: Path, layout: Layout, frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the frame without the rows that are blank lines, and their number; raise if a row is too short.

    Both show as a null in the last column, so that a file without one costs nothing here. In a single column a blank
    line is a missing value, except at the end.
    """
    last = frame[:, -1]
    if not last.null_count():
        return frame, 0
    width = len(layout.names)
    lines = csv_faults.lines_of(path, layout.delimiter, width, layout.blank_lines)
    if lines.ragged:
        raise csv_faults.ragged(path, lines.ragged[0], width, lines.ragged[1])
    blank = set(lines.blank_rows)
    height = frame.height
    while height - 1 in blank:
        height -= 1
    frame, num_blank = frame.head(height), frame.height - height
    inside = sorted(row for row in blank if row < height)
    if width == 1 or not inside:
        return frame, num_blank
    keep = pl.Series([True]).new_from_index(0, height).scatter(inside, False)
    return frame.filter(keep), num_blank + len(inside)


def _on_missing(
    path: Path, layout: Layout, frame: pl.DataFrame, late: Counter[str], num_blank: int
) -> list[str]:
    """Return the note on missing cells: how many have each spelling, or in a large table which spellings occur."""
    nulls = frame.null_count().row(0)
    columns = [name for name, count in zip(frame.columns, nulls, strict=True) if count]
    if not columns:
        return []
    # One more look: the parser does not say which spelling a null had, and the text of all cells would be several
    # times the table.
    text, whole = _first_rows(path, layout, _rows_to_search(len(columns)))
    cells = text.select(columns).unpivot()["value"].fill_null("").str.strip_chars()
    found = cells.filter(cells.is_in(["", *MISSING])).value_counts()
    spellings = Counter(dict(found.iter_rows()))
    spellings[""] -= num_blank * len(columns)
    for word, count in late.items():
        if word not in ("", *MISSING):  # those that count among numbers only
            spellings[word] += count
    if not whole:
        return missing_note(sum(nulls), spellings, columns, first=text.height)
    spellings["NaN"] += sum(nulls) - sum(spellings.values())  # what the parser itself read as one
    return missing_note(sum(nulls), spellings, columns)
