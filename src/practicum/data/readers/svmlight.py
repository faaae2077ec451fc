"""svmlight (libsvm) files: ``label index:value index:value …``, read by scikit-learn and made dense."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import polars as pl

from practicum.core.errors import DataError
from practicum.data.readers.files import damaged, read_bytes
from practicum.data.readers.frames import normal
from practicum.data.table import Table

MAX_CELLS = 2e8
"""Rows times features beyond which a dense table would not fit ordinary memory (1.6 GB as float64)."""


def from_svmlight(path: Path) -> Table:
    """Return the columns x1, x2, … (the file's own indices) and "label"; absent indices are 0.

    Raises:
        DataError: if a line does not parse, or the dense table would exceed :data:`MAX_CELLS`.
    """
    from sklearn.datasets import load_svmlight_file

    try:
        # zero_based=True takes the indices as written, so that train and test files agree.
        matrix, labels = load_svmlight_file(io.BytesIO(read_bytes(path)), zero_based=True)
    except DataError:
        raise
    except (ValueError, OverflowError, IndexError, MemoryError, TypeError) as error:
        raise damaged(path, "svmlight file", error) from None
    rows, width = matrix.shape
    if rows == 0 or matrix.indices.size == 0:
        message = f'`source` must have at least one row and one feature, but got none (source="{path}"). Name another.'
        raise DataError(message, rows=rows)
    if rows * width > MAX_CELLS:
        raise DataError(
            f"`source` must have at most {MAX_CELLS:.0e} cells when made dense, but got {rows:,} rows × "
            f'{width:,} features (source="{path}"); sparse input is not supported yet. Keep fewer features.',
            rows=rows,
            features=width,
        )
    columns = matrix.tocsc()
    series = [
        pl.Series(f"x{i}", _dense(columns, i, rows))
        for i in range(width)
        if i or columns.indptr[1]  # index 0 is a column only in files that count from 0
    ]
    whole = bool(
        np.all(np.isfinite(labels)) and np.all(np.abs(labels) < 2**53) and np.all(labels == np.round(labels))
    )
    series.append(pl.Series("label", labels.astype(np.int64) if whole else labels))
    return normal(pl.DataFrame(series), str(path))


def _dense(columns: object, index: int, rows: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return one column of a SciPy CSC matrix with its zeros."""
    start, stop = columns.indptr[index], columns.indptr[index + 1]  # type: ignore[attr-defined]
    dense = np.zeros(rows)
    dense[columns.indices[start:stop]] = columns.data[start:stop]  # type: ignore[attr-defined]
    return dense
