"""NumPy arrays, in memory and from NPY and NPZ files, as columns. Nothing pickled is ever loaded."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from practicum.core.errors import DataError
from practicum.data.readers.files import brief, damaged, first_bytes
from practicum.data.readers.frames import normal
from practicum.data.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
_BLOCK = 64
"""Columns turned at a time: few enough to stay in the cache, many enough to read whole lines of memory."""


def from_array(array: Array, source: str = "NumPy array") -> Table:
    """Return the table of one array: columns x0, x1, …; a 1-D array is one column.

    Raises:
        DataError: if the array has no rows, or is of a type that has no column type.
    """
    return normal(columns_of(array, "x", source), source)


def columns_of(array: Array, prefix: str, source: str) -> pl.DataFrame:
    """Return the columns prefix0, prefix1, … of an array, trailing axes flattened, shape (rows, columns)."""
    if array.ndim == 0:
        raise DataError(
            f"`{prefix}` must be an array with rows, but got a single value ({source}). Give 1 or 2 axes."
        )
    if array.dtype.names:
        return pl.DataFrame([_series(name, array[name], source) for name in array.dtype.names])
    width = int(np.prod(array.shape[1:], dtype=np.int64))
    matrix = array.reshape(array.shape[0], width)
    columns: list[pl.Series] = []
    for start in range(0, width, _BLOCK):
        turned = np.ascontiguousarray(matrix[:, start : start + _BLOCK].T)
        columns += [_series(f"{prefix}{start + i}", column, source) for i, column in enumerate(turned)]
    return pl.DataFrame(columns)


def _series(name: str, values: Array, source: str) -> pl.Series:
    """Return one array axis as a column of the type that fits."""
    try:
        if values.ndim != 1 or values.dtype.kind in "cV":
            raise TypeError(f"type {values.dtype}, shape {values.shape}")  # noqa: TRY301 (one message for both)
        if values.dtype.kind == "f" and values.dtype.itemsize > 8:
            values = values.astype(np.float64)
        elif values.dtype.kind == "S":
            values = np.char.decode(values, "utf-8")
        elif values.dtype.kind in "mM" and values.dtype.str[-4:] not in ("[ms]", "[us]", "[ns]"):
            values = values.astype(f"{values.dtype.kind}8[us]")
        return pl.Series(name, values.tolist() if values.dtype == object else values)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        message = f"`{name}` must be numbers, text or dates, but got {brief(error)} ({source}). Convert it."
        raise DataError(message, column=name, dtype=str(values.dtype)) from None


def from_npy(path: Path) -> Table:
    """Return the table in an NPY file, in columns x0, x1 and so on."""
    return from_array(_load(path), str(path))


def from_npz(path: Path) -> Table:
    """Return the table in an NPZ file: a 1-D array `k` is column k, any other is columns k0, k1 and so on.

    Raises:
        DataError: if the arrays differ in rows, hold Python objects, or give one name twice.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {str(name): np.asarray(archive[name]) for name in archive.files}
    except Exception as error:  # noqa: BLE001 (zip, zlib, the tokenizer: a damaged file may raise any)
        raise _refused(path, "NPZ", error) from None
    single = [name for name, array in arrays.items() if array.ndim == 0]
    arrays = {name: array for name, array in arrays.items() if array.ndim}
    _check_rows({name: len(array) for name, array in arrays.items()}, str(path))
    parts: list[pl.Series] = []
    for name, array in arrays.items():
        plain = array.ndim == 1 and not array.dtype.names
        parts += (
            [_series(name, array, str(path))] if plain else columns_of(array, name, str(path)).get_columns()
        )
    _check_names([part.name for part in parts], str(path))
    notes = [f"Left out {', '.join(single)}: single values, not columns."] if single else []
    return normal(pl.DataFrame(parts), str(path), notes)


def _load(path: Path) -> Array:
    """Return the array of an NPY file, which must be as long as its header says."""
    if not first_bytes(path).startswith(b"\x93NUMPY"):
        raise damaged(path, "NPY file", "it does not start as one")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on headers of Python 2, which are read all the same
            # Mapping checks the length before any allocation.
            array = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # noqa: BLE001 (the header is parsed by Python's own tokenizer)
        raise _refused(path, "NPY", error) from None
    return np.asarray(array)


def _refused(path: Path, kind: str, error: BaseException) -> DataError:
    """Return the error for an array file that NumPy refuses."""
    if "allow_pickle" in str(error) or "Python objects" in str(error):
        return DataError(
            f'`source` must hold plain arrays, but got source="{path}" (an array of Python objects, which '
            "only a pickle could hold, and pickles can run code). Save it again with a number, text or date dtype.",
            source=str(path),
        )
    return damaged(path, f"{kind} file", error)


def _check_rows(rows: dict[str, int], source: str) -> None:
    """Raise unless all arrays have the same number of rows."""
    if len(set(rows.values())) > 1:
        shown = ", ".join(f"{name}: {count}" for name, count in list(rows.items())[:6])
        message = (
            f"Arrays must have the same number of rows, but got {shown} ({source}). Save one split a file."
        )
        raise DataError(message, rows=rows)


def _check_names(names: Sequence[str], source: str) -> None:
    """Raise if two arrays would give a column of the same name."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f'Column names must be unique, but got "{name}" twice ({source}). Rename one array.'
            raise DataError(message, column=name)
        seen.add(name)
