"""How a CSV file is laid out, from its first lines: the delimiter, the names, and whether row 1 is names at all."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from practicum.core.errors import DataError
from practicum.data.readers.csv_faults import not_utf8
from practicum.data.readers.files import open_bytes, sound

DELIMITERS = (",", ";", "\t", "|")
SPOKEN = {",": '","', ";": '";"', "\t": "a tab", "|": '"|"'}
_STRANGERS = (*DELIMITERS, " ", ":", "^", "~", "&", "\x01")
_SAMPLE_BYTES = 1 << 18
_SAMPLE_ROWS = 300
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WAY_OUT = 'Put a line of names first, e.g. "{names}".'


@dataclass(frozen=True, slots=True)
class Layout:
    """What must be known before all rows are parsed.

    Attributes:
        delimiter: one of :data:`DELIMITERS`.
        names: one a column, stripped, unique, not empty.
        blank_lines: empty lines above the names.
        skip_lines: the part of them that the parser must be told to skip (it passes truly empty ones by itself).
    """

    delimiter: str
    names: tuple[str, ...]
    blank_lines: int = 0
    skip_lines: int = 0


def layout_of(path: Path) -> Layout:
    """Return the layout of a CSV file, from its first 256 KiB.

    Raises:
        DataError: if it is not UTF-8 text, has no rows, another separator, or names that are missing, empty or
            repeated.
    """
    text, whole = _sample(path)
    body = text.lstrip("\r\n\t ")
    lead = text[: len(text) - len(body)]
    # Spaces and tabs before the first cell belong to its line.
    lead = lead[: lead.rfind("\n") + 1]
    text = text[len(lead) :]
    if not body:
        message = (
            f'`source` must hold at least one row, but got source="{path}" (only white space). Name another.'
        )
        raise DataError(message, source=str(path))
    if "\n" not in text and "\r" in text.rstrip("\r"):
        message = (
            f'`source` must end its lines with "\\n", but got source="{path}" with bare "\\r" (old Macintosh). '
            "Convert it first, e.g. tr '\\r' '\\n'."
        )
        raise DataError(message, source=str(path))
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, whole=whole)
    header, body_rows = [cell.strip() for cell in rows[0]], rows[1:]
    if len(header) == 1:
        _check_no_other_separator(path, text)
    _check_is_header(path, header, body_rows)
    _check_names(path, header)
    if not body_rows and whole:
        message = f'`source` must hold at least one row, but got source="{path}" (names only, 0 rows). Name another.'
        raise DataError(message, source=str(path), rows=0)
    blank = lead.count("\n")
    return Layout(delimiter, tuple(header), blank, blank if lead.strip("\r\n") else 0)


def _sample(path: Path) -> tuple[str, bool]:
    """Return the first lines as text, and whether that is the whole file."""
    with sound(path), open_bytes(path) as stream:
        data = stream.read(_SAMPLE_BYTES)
        whole = len(data) < _SAMPLE_BYTES
        while not whole and b"\n" not in data:  # a very long line of names
            more = stream.read(_SAMPLE_BYTES)
            data, whole = data + more, not more
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(
            f'`source` must be UTF-8 text, but got source="{path}" (UTF-16). '
            "Convert it first, e.g. iconv -f UTF-16 -t UTF-8 OLD > NEW.",
            source=str(path),
        )
    if b"\0" in data:
        raise DataError(
            f'`source` must be text, but got source="{path}" (a binary file: byte 0 at offset {data.index(0)}). '
            "Export the table as CSV or Parquet.",
            source=str(path),
        )
    if not whole:
        data = data[: data.rindex(b"\n") + 1]
    try:
        return data.decode("utf-8").removeprefix("\ufeff"), whole
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise not_utf8(path, data[error.start], error.start, line) from None


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a text that are not blank, as far as they parse."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > 1 or (row and row[0].strip()):
                yield row
    except csv.Error:  # a cell beyond the module's limit: the sample ends here
        return


def _rows(text: str, delimiter: str, *, whole: bool) -> list[list[str]]:
    """Return the first rows of the sample; never none, never a row that the sample cut in two."""
    rows = [row for _, row in zip(range(_SAMPLE_ROWS + 1), _parsed(text, delimiter), strict=False)]
    if not whole and 2 < len(rows) <= _SAMPLE_ROWS:
        rows.pop()
    return rows or [[text.splitlines()[0]]]


def _delimiter(text: str) -> str:
    """Return the delimiter with which most rows have as many cells as row 1; "," where none cuts it."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for _, row in zip(range(_SAMPLE_ROWS), _parsed(text, delimiter), strict=False)]
        if not widths or widths[0] < 2:
            continue
        score = (round(widths.count(widths[0]) / len(widths), 1), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _check_no_other_separator(path: Path, text: str) -> None:
    """Raise if the one column that we see is several, separated by something that we do not recognise."""
    lines = [line.strip() for line in text.splitlines()[:_SAMPLE_ROWS] if line.strip()]
    for mark in _STRANGERS:
        cells = [line.split(None if mark == " " else mark) for line in lines]
        widths = {len(each) for each in cells}
        if len(lines) < 2 or len(widths) > 1 or widths == {1}:
            continue
        # Two words a line may well be one text; three, or numbers, are columns.
        if mark == " " and widths == {2} and not all(map(_is_number, cells[-1])):
            continue
        shown = "spaces" if mark == " " else SPOKEN.get(mark, repr(mark))
        raise DataError(
            f'Columns must be separated by one of , ; tab |, but got source="{path}" with one column, '
            f"and {shown} between {widths.pop()} parts in every line. Write it again separated by commas.",
            source=str(path),
            separator=mark,
        )


def _is_number(cell: str) -> bool:
    """Return whether a cell is written as a finite number."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def _check_is_header(path: Path, header: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    """Raise if row 1 looks like data: all numbers, or texts that occur again in their own columns."""
    cells = [(i, cell) for i, cell in enumerate(header) if cell]
    numbers = [cell for _, cell in cells if _is_number(cell)]
    words = [(i, cell) for i, cell in cells if not _is_number(cell)]
    if numbers and not words:
        looks_like_data = not _counts_up(numbers)
    else:
        again = sum(any(i < len(row) and row[i].strip() == cell for row in body) for i, cell in words)
        # One word alone may be a column "spam" of spam and ham; a number beside it takes the doubt away.
        looks_like_data = again * 2 >= len(words) and again + bool(numbers) >= 2
    if looks_like_data:
        names = ",".join(f"x{i}" for i in range(min(len(header), 4))) + (",…" if len(header) > 4 else "")
        shown = ", ".join(header[:4]) + (", …" if len(header) > 4 else "")
        raise DataError(
            f'Row 1 must hold the column names, but got "{shown}", which looks like data (source="{path}"). '
            + _WAY_OUT.format(names=names),
            source=str(path),
            row=list(header),
        )


def _counts_up(numbers: Sequence[str]) -> bool:
    """Return whether these are names like 0, 1, 2 or 1990, 2000, 2010: three or more integers, evenly spaced."""
    if len(numbers) < 3 or not all(number.isdecimal() for number in numbers):
        return False
    steps = {int(b) - int(a) for a, b in itertools.pairwise(numbers)}
    return len(steps) == 1 and steps.pop() > 0


def _unnamed_hint(names: Sequence[str], position: int) -> str:
    """Return what may have left a name empty: a line for Excel, a title above the names, the row index of pandas."""
    if names[0].lower().startswith("sep="):
        return ' The line "sep=" is for Excel alone: delete it.'
    if names[0] and names.count("") == len(names) - 1:
        return f' If "{names[0]}" is a title, delete its line: the names must come first.'
    return " A row index of pandas goes away with to_csv(index=False)." if position == 1 else ""


def _check_names(path: Path, names: Sequence[str]) -> None:
    """Raise if a name is empty or occurs twice."""
    if "" in names:
        position = names.index("") + 1
        hint = _unnamed_hint(names, position)
        message = (
            f'Column names must not be empty, but got "" (column {position} of {len(names)}, source="{path}"). '
            f"Name it.{hint}"
        )
        raise DataError(message, source=str(path), position=position)
    seen: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        if name in seen:
            message = (
                f'Column names must be unique, but got "{name}" in columns {seen[name]} and {position} '
                f'(source="{path}"). Rename one.'
            )
            raise DataError(message, source=str(path), column=name)
        seen[name] = position
