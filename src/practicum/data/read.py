"""One door for every table: ``read(source)`` recognises what the source is and gives a Table.

The kind of a file comes from its suffix and, where that says nothing, from its first bytes. No format that can carry
code (pickle, object arrays) is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

import numpy as np

from practicum.core.errors import DataError, nearest
from practicum.data.readers.arrays import from_array, from_npy, from_npz
from practicum.data.readers.csv_files import from_csv
from practicum.data.readers.files import Compression, compression_of, first_bytes
from practicum.data.readers.frames import from_arrow, from_frame, from_mapping, from_parquet
from practicum.data.readers.idx import from_idx, looks_like_idx
from practicum.data.readers.svmlight import from_svmlight
from practicum.data.table import Table

LARGEST = 1e30
"""Values from here on overflow float32 arithmetic as soon as they are squared or summed with others."""

_READERS: dict[str, Callable[[Path], Table]] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt", ".data"), from_csv),
    **dict.fromkeys((".parquet", ".pq"), from_parquet),
    **dict.fromkeys((".arrow", ".feather", ".ipc"), from_arrow),
    ".npz": from_npz,
    ".npy": from_npy,
    ".idx": from_idx,
    **dict.fromkeys((".svm", ".svmlight", ".libsvm"), from_svmlight),
}
_COMPRESSED: dict[Callable[[Path], Table], tuple[Compression, ...]] = {
    from_csv: (".gz", ".zst"),
    from_idx: (".gz", ".bz2", ".zst"),
    from_svmlight: (".gz", ".bz2", ".zst"),
}
_MAGIC: tuple[tuple[bytes, Callable[[Path], Table]], ...] = (
    (b"PAR1", from_parquet),
    (b"ARROW1", from_arrow),
    (b"\x93NUMPY", from_npy),
)
_IDX_NAME = re.compile(r"idx\d-(ubyte|byte|short|int|float|double)$")


def read(source: object, *, target: str | None = None) -> Table:
    """Return the table in a file or an object in memory.

    Files: CSV and TSV (delimiter recognised; .gz, .zst), Parquet, Arrow (Feather), NPZ, NPY, IDX, svmlight.
    In memory: data frames of polars, pandas or pyarrow, 2-D NumPy arrays, dicts of columns. Missing values in
    every common spelling become null.

    Args:
        source: a path, or one of the objects above.
        target: a column, or a file with one column of as many rows; the file's column is joined as "target".

    Raises:
        DataError: if the source cannot be read as one table, or `target` is in neither place.

    Example:
        >>> read({"age": [39, 50], "job": ["clerk", " ? "]}).frame["job"].to_list()
        ['clerk', None]
    """
    if isinstance(source, str | PathLike):
        table = _read_file(Path(source))
    elif isinstance(source, np.ndarray):
        table = from_array(source)
    elif isinstance(source, Mapping):
        table = from_mapping(source)
    else:
        table = from_frame(source)
    return table if target is None else join_target(table, target)[0]


def _read_file(path: Path) -> Table:
    """Return the table in a file."""
    head = first_bytes(path)
    compression = compression_of(head)
    reader = _reader_for(path, head, compression)
    if compression and compression not in _COMPRESSED.get(reader, ()):
        allowed = " or ".join(_COMPRESSED.get(reader, ())) or "not at all"
        raise DataError(
            f'`source` must be compressed as {allowed}, but got source="{path}" (compressed as {compression}). '
            "Decompress it first.",
            source=str(path),
            compression=compression,
        )
    return reader(path)


def _reader_for(path: Path, head: bytes, compression: Compression) -> Callable[[Path], Table]:
    """Return the reader for a file, by its suffix without that of a compression, else by its first bytes."""
    name = path.name.lower()
    for suffix in (".gz", ".bz2", ".zst"):
        name = name.removesuffix(suffix)
    if _IDX_NAME.search(name):
        return from_idx
    for magic, reader in _MAGIC:  # before the suffix: a Parquet file named .csv is a Parquet file
        if head.startswith(magic):
            return reader
    if reader_by_suffix := _READERS.get(Path(name).suffix):
        return reader_by_suffix
    if not compression and looks_like_idx(head):
        return from_idx
    raise DataError(
        f'`source` must be a file of a supported kind, but got source="{path}" (suffix "{Path(name).suffix}"). '
        f"Supported are {' '.join(_READERS)} and IDX. Rename it, or export the table as CSV or Parquet.",
        source=str(path),
        suffix=Path(name).suffix,
    )


def join_target(table: Table, target: str) -> tuple[Table, str]:
    """Return a table that holds the target, and the name of the target's column.

    Args:
        table: as read.
        target: a column of the table, or a file with one column of as many rows, which is joined as "target"; a
            column that holds the same as the file is the target itself.

    Raises:
        DataError: if `target` is neither (the nearest column is offered), or the file does not fit the table.
    """
    columns = table.frame.columns
    if not isinstance(target, str):
        raise DataError(
            f"`target` must name a column or a file, but got an object of type {type(target).__name__}. "
            'Give the values as a column, e.g. fit(frame.assign(y=values), target="y").',
        )
    if target in columns:
        return table, target
    if not _is_file(target):
        shown = ", ".join(columns[:8]) + (", …" if len(columns) > 8 else "")
        raise DataError(
            f'`target` must name a column or a file, but got target="{target}" (columns: {shown}).'
            + (nearest(target, columns) or " Name one of them."),
            target=target,
        )
    other = _read_file(Path(target))
    if "target" in columns:
        raise DataError(
            f'`target` must be a column of the table where it has one named "target", but got target="{target}" '
            "(a file). Rename that column, or name it as the target.",
            target=target,
        )
    if other.frame.shape != (table.frame.height, 1):
        raise DataError(
            f"`target` must be a file with one column and {table.frame.height:,} rows, "
            f'but got target="{target}" with {other.frame.width} columns and {other.frame.height:,} rows. '
            "Give one value for each row.",
            target=target,
            shape=other.frame.shape,
        )
    values = other.frame.to_series()
    for (
        name
    ) in columns:  # the labels of IDX images come with them: as an input they would give the answer away
        if table.frame[name].dtype == values.dtype and table.frame[name].equals(values, null_equal=True):
            return table, name
    frame = table.frame.with_columns(values.alias("target"))
    notes = (*table.notes, f'Column "target" comes from {target}.', *other.notes)
    return replace(table, frame=frame, notes=notes), "target"


def _is_file(name: str) -> bool:
    """Return whether a text names an existing file; any text may be asked."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def check_values(table: Table, columns: Sequence[str] | None = None) -> None:
    """Raise unless every number is finite and below :data:`LARGEST` in magnitude.

    Args:
        table: as read.
        columns: the columns to look at; all when absent.

    Raises:
        DataError: for the first column with such a value, with the count and the first row.
    """
    for name in table.frame.columns if columns is None else columns:
        column = table.frame[name]
        if not column.dtype.is_float() or not column.len() - column.null_count():
            continue
        low, high = column.min(), column.max()
        assert isinstance(low, float) and isinstance(high, float)  # noqa: PT018 (for the type checker)
        if low > -LARGEST and high < LARGEST:
            continue
        infinite = column.is_infinite()
        bad = infinite if infinite.any() else column.abs() >= LARGEST
        row = int(bad.fill_null(value=False).arg_true()[0])
        what = "be finite" if infinite.any() else f"lie within ±{LARGEST:.0e}"
        count = int(bad.sum())
        raise DataError(
            f"`{name}` must {what}, but got {column[row]:g} ({count:,} {'cell' if count == 1 else 'cells'}, "
            f"first in row {row + 1:,}, {table.source}). "
            "Repair the values, or leave their cells empty to mark them as missing.",
            column=name,
            row=row + 1,
            count=count,
            value=column[row],
        )


__all__ = ["LARGEST", "check_values", "join_target", "read"]
