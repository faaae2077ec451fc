"""Facts about X: the same table from arrays, lists, sparse matrices and data frames."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal
from scipy import sparse
from sklearn.base import BaseEstimator

from practicum.core.errors import DataError
from practicum.faces.estimators import inputs
from practicum.faces.estimators.inputs import new_name, read_inputs, schema_of

NUMBERS = np.array([[1.0, 0.0, np.nan], [2.5, 1.0, 0.0], [-3.0, 0.0, 4.0]])


class Anyone(BaseEstimator):
    """An estimator, for its attributes."""


def schema(frame: pl.DataFrame):
    """Return the schema of a regression on ``frame``."""
    return schema_of(frame, "regression", "y", None)


@pytest.mark.parametrize(
    "given",
    [
        NUMBERS.tolist(),
        NUMBERS.astype(object),
        np.asfortranarray(NUMBERS),
        sparse.csr_array(NUMBERS),
        sparse.coo_matrix(NUMBERS),
        pd.DataFrame(NUMBERS),
        pd.DataFrame(NUMBERS, columns=["a", "b", "c"]),
        pd.DataFrame.sparse.from_spmatrix(sparse.csr_array(NUMBERS)),
        pl.DataFrame(NUMBERS, schema=["a", "b", "c"]),
        pa.table({"a": NUMBERS[:, 0], "b": NUMBERS[:, 1], "c": NUMBERS[:, 2]}),
    ],
    ids=lambda given: f"{type(given).__module__.split('.')[0]} {type(given).__name__}",
)
def test_numbers_are_the_same_wherever_they_come_from(given):
    """Each kind of input gives the same cells, missing ones null."""
    estimator = Anyone()
    frame = read_inputs(estimator, given)
    expected = pl.DataFrame(NUMBERS, schema=frame.columns).with_columns(pl.all().fill_nan(None))

    assert_frame_equal(frame, expected)
    assert estimator.n_features_in_ == 3


def test_frames_leave_their_names():
    """Names that are text are remembered, and compared when predicting."""
    estimator = Anyone()
    frame = pl.DataFrame({"age": [1, 2], "job": ["a", "b"]})
    known = schema(read_inputs(estimator, frame))

    assert estimator.feature_names_in_.tolist() == ["age", "job"]
    with pytest.raises(ValueError, match="in the same order as they were in fit"):
        read_inputs(estimator, frame.select("job", "age"), schema=known)
    with pytest.raises(ValueError, match="yet now missing:\n- job"):
        read_inputs(estimator, frame.drop("job"), schema=known)


def test_an_array_without_names_is_read_by_position():
    """scikit-learn warns, and the columns are those of fit all the same."""
    estimator = Anyone()
    known = schema(read_inputs(estimator, pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 5.0]})))

    with pytest.warns(UserWarning, match="does not have valid feature names"):
        frame = read_inputs(estimator, np.array([[7.0, 8.0]]), schema=known)
    assert frame.to_dict(as_series=False) == {"a": [7.0], "b": [8.0]}


def test_kinds_of_columns():
    """Numbers are numeric whatever they look like, of 0 and 1 yes-no; the rest is understood as everywhere."""
    number = np.arange(40)
    frame = pl.DataFrame(
        {
            "id": number,
            "yes": number % 2,
            "float_yes": [0.0, 1.0, None, 1.0] * 10,
            "constant": [1] * 40,
            "job": ["clerk", "cook", "nurse", None] * 10,
            "truth": number % 3 == 0,
            "day": [date(2020, 1, 1 + k % 28) for k in number.tolist()],
            "name": [f"person-{k}" for k in number.tolist()],
        }
    )
    columns = schema(frame).columns

    assert [(column.kind, column.role) for column in columns] == [
        ("numeric", "input"),
        ("boolean", "input"),
        ("boolean", "input"),
        ("numeric", "input"),
        ("categorical", "input"),
        ("boolean", "input"),
        ("datetime", "input"),
        ("identifier", "ignored"),
        ("numeric", "target"),
    ]


def test_a_count_in_a_yes_no_column_is_a_yes():
    """What was 0 or 1 in fit may be 3 when predicting; it does not count as missing."""
    estimator = Anyone()
    known = schema(read_inputs(estimator, np.array([[0.0, 1.0], [1.0, 2.0]])))
    frame = read_inputs(estimator, np.array([[3.0, 3.0], [-1.0, 0.0], [np.nan, 0.0]]), schema=known)

    assert frame["x0"].to_list() == [True, False, None]
    assert frame["x1"].to_list() == [3.0, 0.0, 0.0]


def test_pixels_stay_bytes():
    """Bytes are told from other numbers, so that pictures keep their common scale."""
    assert read_inputs(Anyone(), np.zeros((2, 3), dtype=np.uint8)).dtypes == [pl.UInt8] * 3


@pytest.mark.parametrize("given", [np.array([[np.inf], [0.0]]), pl.DataFrame({"a": [np.inf, 0.0]})])
def test_infinite_numbers_are_refused(given):
    """In arrays by scikit-learn, in frames by us."""
    with pytest.raises(ValueError, match="inf"):
        read_inputs(Anyone(), given)


def test_text_needs_a_frame():
    """An array of text is refused by scikit-learn."""
    with pytest.raises(ValueError, match="could not convert string to float"):
        read_inputs(Anyone(), np.array([["a"], ["b"]]))


def test_one_row_is_too_few_to_learn_from():
    """A frame of one row is refused, as an array is."""
    with pytest.raises(DataError, match="at least 2 rows, but got 1 sample"):
        read_inputs(Anyone(), pl.DataFrame({"a": [1.0]}))
    with pytest.raises(ValueError, match=r"1 sample\(s\)"):
        read_inputs(Anyone(), np.array([[1.0]]))


def test_a_sparse_matrix_too_large_to_be_dense_is_refused(monkeypatch):
    """The error says how large it would be and what to do."""
    monkeypatch.setattr(inputs, "LARGEST_DENSE_BYTES", 100)

    with pytest.raises(DataError, match=r"dense, but got 10 × 5 numbers.*TruncatedSVD"):
        read_inputs(Anyone(), sparse.csr_array((10, 5)))


def test_a_new_name_is_new():
    """The target's column never meets an input's."""
    assert new_name(["a"]) == "target"
    assert new_name(["target", "target_"]) == "target__"
