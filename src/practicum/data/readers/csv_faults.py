"""Finding the exact line at which a CSV file goes wrong; slow, so only asked once something is known to be wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from practicum.core.errors import DataError
from practicum.data.readers.files import brief, open_bytes, sound


@dataclass(frozen=True, slots=True)
class Lines:
    """What a look at the lines shows: the rows that are blank lines, and the first row with too few or many cells."""

    blank_rows: tuple[int, ...] = ()
    ragged: tuple[int, int] | None = None
    """Line number, cells found."""


def not_utf8(path: Path, byte: int, offset: int, line: int) -> DataError:
    """Return the error for a byte that is not UTF-8."""
    return DataError(
        f"`source` must be UTF-8 text, but got byte 0x{byte:02x} at offset {offset:,} (line {line:,}, "
        f'source="{path}"). Convert it first, e.g. iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW.',
        source=str(path),
        offset=offset,
        line=line,
    )


def ragged(path: Path, line: int, expected: int, found: int) -> DataError:
    """Return the error for a row with too few or too many cells."""
    return DataError(
        f"Every row must have {expected} {'cell' if expected == 1 else 'cells'} as the names have, but got {found} "
        f'in line {line:,} (source="{path}"). '
        + (
            "If a title stands above the line of names, delete it."
            if expected == 1
            else "Repair that line: a separator inside a cell needs quotes around the cell."
        ),
        source=str(path),
        line=line,
        expected=expected,
        found=found,
    )


def explained(path: Path, delimiter: str, width: int, error: BaseException) -> DataError:
    """Return the error that says, with its line, why the parser refused the file."""
    try:
        lines = _walk(path, delimiter, width)
    except csv.Error as quoting:
        return _unreadable(path, f"{quoting}, {quoting.__notes__[0]}")
    except DataError as found:
        return found
    if lines.ragged:
        return ragged(path, lines.ragged[0], width, lines.ragged[1])
    return _unreadable(path, brief(error))


def _unreadable(path: Path, reason: str) -> DataError:
    """Return the error for quotes that do not pair, and for whatever else the parser refuses."""
    return DataError(
        f'`source` must be well-formed CSV, but got source="{path}" ({reason}). '
        'Look at the quotes: each " that opens a cell must close it, and one inside is written twice.',
        source=str(path),
        reason=reason,
    )


def _decoded(path: Path) -> Iterator[str]:
    """Yield the lines of a file as text, or raise at the first byte that is not UTF-8."""
    offset = 0
    with sound(path), open_bytes(path) as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield line.decode("utf-8").removeprefix("\ufeff" if number == 1 else "")
            except UnicodeDecodeError as error:
                raise not_utf8(path, line[error.start], offset + error.start, number) from None
            offset += len(line)


def _walk(path: Path, delimiter: str, width: int) -> Lines:
    """Return what the lines show, cell by cell, up to the first row that is ragged.

    Raises:
        csv.Error: where quotes do not pair, with the line number as a note.
    """
    reader = csv.reader(_decoded(path), delimiter=delimiter, strict=True)
    blank: list[int] = []
    header_seen = False
    row = start = 0
    try:
        for cells in reader:
            start = reader.line_num
            is_blank = not cells or (len(cells) == 1 and cells[0].isspace())  # "" in quotes is a cell
            if not header_seen:
                header_seen = not is_blank
                continue
            if is_blank:
                blank.append(row)
            elif len(cells) != width:
                return Lines(tuple(blank), (start, len(cells)))
            row += 1
    except csv.Error as error:
        error.add_note(f"in the row that starts in line {start + 1:,}")
        raise
    return Lines(tuple(blank))


def lines_of(path: Path, delimiter: str, width: int, blank_lines: int) -> Lines:
    """Return the blank lines and the first ragged row of a file that the parser accepted.

    The parser fills short rows with nulls and takes blank lines for rows. Counting separators a line is quick; only
    where that shows a wrong count, or quotes (a separator may stand between them), is the file walked cell by cell.
    """
    lines = pl.scan_csv(
        path,
        has_header=False,
        new_columns=["line"],
        separator="\x1f",
        quote_char=None,
        infer_schema=False,
        glob=False,
        truncate_ragged_lines=True,
    ).with_row_index()
    line = pl.col("line").fill_null("")
    blank = line.str.strip_chars(" \r") == ""
    doubtful = line.str.contains('"', literal=True)
    if width > 1:
        doubtful |= ~blank & (line.str.count_matches(delimiter, literal=True) + 1 != width)
    odd = (
        lines.select("index", blank=blank, doubtful=doubtful)
        .filter(pl.col("blank") | pl.col("doubtful"))
        .collect(engine="streaming")
    )
    if odd["doubtful"].any():
        try:
            return _walk(path, delimiter, width)
        except csv.Error:  # the parser was content with these quotes
            return Lines()
    rows = odd["index"].cast(pl.Int64) - (blank_lines + 1)  # the names, and what stands above them
    return Lines(tuple(rows.filter(rows >= 0)))
