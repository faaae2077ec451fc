"""Frames in memory and on disk: polars, pandas, pyarrow, dicts, Parquet and Arrow, all into one normal form.

The normal form is what the rest of practicum may rely on: flat columns, unique names, null as the only missing
value, no type that a tensor cannot follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from practicum.core.errors import DataError
from practicum.data.readers.cells import clean_text, missing_note
from practicum.data.readers.files import brief, damaged, first_bytes
from practicum.data.table import Table

_PARSE_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)


def normal(frame: pl.DataFrame, source: str, notes: Sequence[str] = ()) -> Table:
    """Return a table in normal form from a frame whose types were stated by its source.

    Raises:
        DataError: if there are no rows or columns, an empty name, or a column of lists, structs or objects.
    """
    check_shape(frame, source)
    frame = plain_types(frame, source)
    frame, spellings, more = clean_text(frame, typed=True)
    nulls = frame.null_count().row(0)
    holed = [name for name, count in zip(frame.columns, nulls, strict=True) if count]
    spellings[""] = sum(nulls) - sum(count for word, count in spellings.items() if word)
    return Table(frame, source, (*notes, *more, *missing_note(sum(nulls), spellings, holed)))


def check_shape(frame: pl.DataFrame, source: str) -> None:
    """Raise unless there is at least one row, one column, and every column has a name."""
    if frame.width == 0 or frame.height == 0:
        raise DataError(
            f"`source` must have at least one row and one column, but got {frame.height} rows "
            f"and {frame.width} columns ({source}). Name another source.",
            rows=frame.height,
            columns=frame.width,
        )
    for position, name in enumerate(frame.columns, 1):
        if not name.strip():
            raise DataError(
                f'Column names must not be empty, but got "{name}" (column {position} of {frame.width}, {source}). '
                "Name it.",
                position=position,
            )


def plain_types(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return the frame with decimals and 128-bit integers as floats, untyped nulls as text, NaN as null."""
    changes: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        if dtype.is_nested() or dtype in (pl.Object, pl.Binary):
            raise DataError(
                f"`{name}` must hold one number, text, truth value or date a cell, but got type {dtype} ({source}). "
                "Split it into plain columns, or leave it out.",
                column=name,
                dtype=str(dtype),
            )
        if dtype in (pl.Int128, pl.UInt128) or dtype.is_decimal():
            changes.append(pl.col(name).cast(pl.Float64))
        elif dtype == pl.Null:
            changes.append(pl.col(name).cast(pl.String))
        elif dtype.is_float() and frame[name].is_nan().any():
            changes.append(pl.col(name).fill_nan(None))
    return frame.with_columns(changes) if changes else frame


def from_parquet(path: Path) -> Table:
    """Return the table in a Parquet file."""
    try:
        frame = pl.read_parquet(path, glob=False)
    except _PARSE_ERRORS as error:
        raise damaged(path, "Parquet file", error) from None
    return normal(frame, str(path))


def from_arrow(path: Path) -> Table:
    """Return the table in an Arrow IPC (Feather) file, or in a file that holds an Arrow stream."""
    is_file = first_bytes(path).startswith(b"ARROW1")
    try:
        # From an open file, not a path: a path would be mapped, and a mapped file that is cut later kills the process.
        with path.open("rb") as stream:
            frame = pl.read_ipc(stream) if is_file else pl.read_ipc_stream(stream)
    except _PARSE_ERRORS as error:
        raise damaged(path, "Arrow file", error) from None
    return normal(frame, str(path))


def from_mapping(columns: Mapping[Any, Any]) -> Table:
    """Return the table of a dict of equally long columns."""
    series: list[pl.Series] = []
    for name, values in columns.items():
        try:
            if isinstance(values, str) or not hasattr(values, "__len__"):
                raise TypeError(f"one {type(values).__name__}")  # noqa: TRY301
            series.append(pl.Series(str(name), values))
        except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
            message = (
                f"`{name}` must be a list of values of one type, but got {brief(error)} (dict). Convert it."
            )
            raise DataError(message, column=str(name)) from None
    lengths = {column.name: len(column) for column in series}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name}: {length}" for name, length in list(lengths.items())[:6])
        message = f"Columns must be equally long, but got {shown} (dict). Give every column the same rows."
        raise DataError(message, lengths=lengths)
    if repeated := [name for name, count in Counter(column.name for column in series).items() if count > 1]:
        raise DataError(
            f'Column names must be unique, but got "{repeated[0]}" twice (dict). Rename one.',
            column=repeated[0],
        )
    return normal(pl.DataFrame(series), "dict")


def from_frame(source: object) -> Table:
    """Return the table of a data frame of any library that narwhals knows.

    Raises:
        DataError: if it is no data frame, or a column mixes types.
    """
    kind = f"{type(source).__module__.split('.')[0]} {type(source).__name__}"
    if isinstance(source, pl.LazyFrame):
        source = source.collect()
    if isinstance(source, pl.DataFrame):
        return normal(source, kind)
    try:
        native: nw.DataFrame[Any] = nw.from_native(source, eager_only=True)
    except TypeError:
        raise DataError(
            "`source` must be a path, a data frame (polars, pandas, pyarrow), a 2-D NumPy array or a dict of columns, "
            f"but got an object of type {type(source).__name__}. Convert it to one of these.",
            type=type(source).__name__,
        ) from None
    except ValueError as error:  # repeated names
        raise DataError(
            f"Column names must be unique, but got: {brief(error)} ({kind}). Rename one."
        ) from None
    try:
        levels = [name for name, dtype in native.schema.items() if dtype in (nw.Categorical, nw.Enum)]
        # Arrow would unwrap categories of numbers to plain numbers; as text they stay categories.
        native = native.with_columns(nw.col(name).cast(nw.String) for name in levels)
        frame = native.to_polars()
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        message = (
            f"`source` must hold one type a column, but got {brief(error)} ({kind}). Convert that column."
        )
        raise DataError(message) from None
    return normal(frame.with_columns(pl.col(str(name)).cast(pl.Categorical) for name in levels), kind)
