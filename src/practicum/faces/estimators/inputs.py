"""From the X that scikit-learn's users write to a table, and back again to the same columns when predicting.

Numbers are numbers here: a column of a number type is an input, whatever it is called; of 0 and 1 alone, it is a yes-no
column. Text, categories, truth values and dates are understood as everywhere, but need a data frame.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.validation import validate_data

from practicum.core.errors import DataError
from practicum.data.dataset import Task
from practicum.data.kinds import understand_column
from practicum.data.read import check_values
from practicum.data.readers.arrays import from_array
from practicum.data.readers.frames import from_frame
from practicum.data.schema import INPUT_KINDS, Column, Schema
from practicum.data.table import Table

SOURCE = "X"
MIN_ROWS = 2
LARGEST_DENSE_BYTES = 2**32
"""Sparse input is made dense: a network's inputs are. A larger matrix than this is refused."""

YES = 0.5
"""From above this on, a number in a yes-no column is a yes."""


def read_inputs(estimator: Any, x: Any, *, schema: Schema | None = None) -> pl.DataFrame:
    """Return the rows of ``x`` as a frame in normal form.

    Args:
        estimator: whose ``n_features_in_`` and ``feature_names_in_`` are set, or compared if there is a schema.
        x: a 2-D array of numbers or nested list, a sparse matrix, or a data frame.
        schema: of the inputs seen in fit; None in fit.

    Raises:
        ValueError: if scikit-learn refuses the input.
        DataError: if a column holds what cannot be read, or a sparse matrix is too large.
    """
    if nw.dependencies.is_into_dataframe(x):
        frame = _from_frame(estimator, x, schema)
    else:
        frame = _from_array(estimator, x, schema)
    check_values(Table(frame, SOURCE))
    if schema is None:
        return frame
    inputs = [column for column in schema.columns if column.role != "target"]
    frame.columns = [column.name for column in inputs]
    yes_no = [column.name for column in inputs if column.kind == "boolean"]
    return frame.with_columns(pl.col(name) > YES for name in yes_no if frame[name].dtype.is_numeric())


def schema_of(frame: pl.DataFrame, task: Task, target: str, classes: list[str] | None) -> Schema:
    """Return what the columns of ``frame`` are, the target last."""
    columns = [_column(series) for series in frame.get_columns()]
    kind = "numeric" if classes is None else "categorical"
    columns.append(Column(name=target, kind=kind, role="target"))
    return Schema(task=task, target=target, classes=classes, columns=columns)


def new_name(taken: list[str], wanted: str = "target") -> str:
    """Return a name for another column.

    Example:
        >>> new_name(["x", "target"])
        'target_'
    """
    while wanted in taken:
        wanted += "_"
    return wanted


def _column(series: pl.Series) -> Column:
    if series.dtype.is_numeric() and not series.dtype.is_decimal():
        missing = series.null_count()
        low, high = series.min(), series.max()
        two_valued = (low, high) == (0, 1) and bool(((series == 0) | (series == 1)).all())
        return Column(name=series.name, kind="boolean" if two_valued else "numeric", missing=missing)
    found = understand_column(series)
    return found.model_copy(update={"role": "input" if found.kind in INPUT_KINDS else "ignored"})


def _from_frame(estimator: Any, x: Any, schema: Schema | None) -> pl.DataFrame:
    """Read a data frame; names are compared by scikit-learn, with its words."""
    validate_data(estimator, x, reset=schema is None, skip_check_array=True)
    if hasattr(x, "set_axis"):  # pandas, whose names may be numbers, and whose columns may be sparse
        x = x.set_axis([str(name) for name in x.columns], axis=1)
        x = x.astype(
            {name: kind.subtype for name, kind in x.dtypes.items() if str(kind).startswith("Sparse")}
        )
    if len(x) < MIN_ROWS and schema is None:
        raise DataError(f"`X` must have at least {MIN_ROWS} rows, but got {len(x)} sample. Give more rows.")
    return from_frame(x).frame


def _from_array(estimator: Any, x: Any, schema: Schema | None) -> pl.DataFrame:
    """Read numbers, dense or sparse."""
    first = schema is None
    checked = validate_data(
        estimator,
        x,
        reset=first,
        accept_sparse=["csr", "csc"],
        dtype=[np.float64, np.float32, np.uint8],
        ensure_all_finite="allow-nan",
        ensure_min_samples=MIN_ROWS if first else 1,
    )
    values: NDArray[Any] = _dense(checked) if sparse.issparse(checked) else checked
    return from_array(values, SOURCE).frame


def _dense(matrix: Any) -> NDArray[Any]:
    rows, columns = matrix.shape
    size = rows * columns * matrix.dtype.itemsize
    if size > LARGEST_DENSE_BYTES:
        raise DataError(
            f"`X` must fit {LARGEST_DENSE_BYTES // 2**30} GiB when it is made dense, but got {rows:,} × {columns:,} "
            f"numbers, which take {size / 2**30:.1f} GiB. Reduce the columns first, e.g. by sklearn's TruncatedSVD.",
            shape=matrix.shape,
        )
    dense: NDArray[Any] = matrix.toarray()
    return dense
