"""Frames: every library and stored type into one normal form."""

import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.readers.frames import from_arrow, from_frame, from_mapping, from_parquet, normal


def test_nan_is_null_and_is_counted() -> None:
    """There is one missing value only."""
    table = normal(pl.DataFrame({"a": [1.0, float("nan"), None], "b": ["x", " ? ", "y"]}), "memory")

    assert table.frame.to_dict(as_series=False) == {"a": [1.0, None, None], "b": ["x", None, "y"]}
    assert table.notes == ('3 missing cells: 2 empty, 1 as "?" (in a, b).',)


def test_types_that_no_tensor_follows_become_ones_that_do() -> None:
    """Decimals and 128-bit integers are floats, untyped gaps are text."""
    frame = pl.DataFrame(
        {
            "a": [Decimal("1.5")],
            "b": pl.Series([2**80], dtype=pl.Int128),
            "c": pl.Series([None], dtype=pl.Null),
        }
    )

    assert normal(frame, "memory").frame.dtypes == [pl.Float64, pl.Float64, pl.String]


def test_dates_truth_values_and_categories_keep_their_type() -> None:
    """What they mean is decided later."""
    frame = pl.DataFrame(
        {"d": [datetime.date(2020, 1, 1)], "t": [True], "c": pl.Series(["x"], dtype=pl.Categorical)}
    )

    assert normal(frame, "memory").frame.dtypes == frame.dtypes


@pytest.mark.parametrize(
    "column",
    [[[1, 2]], [{"x": 1}], [b"bytes"], pl.Series([object()], dtype=pl.Object)],
    ids=["list", "struct", "binary", "object"],
)
def test_a_cell_that_holds_more_than_one_value_is_refused(column: object) -> None:
    """Column and type are named."""
    with pytest.raises(
        DataError, match="`a` must hold one number, text, truth value or date a cell, but got type"
    ) as error:
        normal(pl.DataFrame({"a": column}), "memory")
    assert error.value.values["column"] == "a"


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame({"a": []})], ids=["nothing", "no rows"])
def test_a_frame_without_rows_is_refused(frame: pl.DataFrame) -> None:
    """The shape is in the message."""
    with pytest.raises(DataError, match=f"but got 0 rows and {frame.width} columns"):
        normal(frame, "memory")


def test_an_empty_column_name_is_refused() -> None:
    """Its position is in the message."""
    with pytest.raises(DataError, match=r'must not be empty, but got " " \(column 2 of 2'):
        normal(pl.DataFrame({"a": [1], " ": [2]}), "memory")


@pytest.mark.parametrize("categories", [[1, 2, 1], ["x", "y", "x"]])
def test_pandas_categories_stay_categories(categories: list[object]) -> None:
    """Also those whose levels are numbers."""
    frame = from_frame(pd.DataFrame({0: pd.Categorical(categories), 1: [1, 2, 3]})).frame

    assert frame.dtypes == [pl.Categorical, pl.Int64]
    assert frame["0"].to_list() == [str(level) for level in categories]


def test_pandas_frames_with_repeated_names_or_mixed_cells_are_refused() -> None:
    """Each with the library's reason in one line."""
    with pytest.raises(DataError, match="must be unique"):
        from_frame(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(DataError, match="one type a column"):
        from_frame(pd.DataFrame({"a": [1, "x"]}))


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"a": [1, 2], "b": [1]}, "equally long, but got a: 2, b: 1"),
        ({"a": [1, "x"]}, "`a` must be a list of values of one type"),
        ({"a": 3}, "`a` must be a list of values of one type, but got one int"),
        ({"a": "xyz"}, "but got one str"),
        ({1: [1], "1": [2]}, 'must be unique, but got "1" twice'),
        ({}, "at least one row"),
    ],
)
def test_a_dict_that_is_no_table_is_refused(columns: dict[object, object], match: str) -> None:
    """Column and reason are named."""
    with pytest.raises(DataError, match=match):
        from_mapping(columns)


def test_a_dict_may_hold_arrays() -> None:
    """Columns of NumPy are as good as lists."""
    assert from_mapping({"a": np.array([1, 2])}).frame["a"].to_list() == [1, 2]


@pytest.mark.parametrize("keep", [5, 12, 0.5, 0.99])
@pytest.mark.parametrize("kind", ["parquet", "arrow", "ipc"])
def test_a_parquet_or_arrow_file_cut_short_is_damaged(tmp_path: Path, kind: str, keep: float) -> None:
    """Wherever it was cut."""
    path = tmp_path / f"t.{kind}"
    frame = pl.DataFrame({"a": np.random.default_rng(0).random(2000)})
    {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "ipc": frame.write_ipc_stream}[kind](path)
    data = path.read_bytes()
    path.write_bytes(data[: int(keep if keep >= 1 else keep * len(data))])

    with pytest.raises(DataError, match=r"undamaged (Parquet|Arrow) file.*cut short"):
        (from_parquet if kind == "parquet" else from_arrow)(path)
