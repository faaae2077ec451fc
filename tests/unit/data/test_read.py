"""read: one door for all sources, the target file, the check of values."""

import gzip
import math
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from practicum.core.errors import DataError
from practicum.data.read import LARGEST, check_values, join_target, read
from practicum.data.table import Table

DATA = Path(__file__).parents[4] / "shared" / "data"
FRAME = pl.DataFrame({"age": [39, 50], "pay": [1.5, None], "job": ["clerk", "farmer"]})


@pytest.mark.parametrize(
    "source",
    [
        FRAME,
        FRAME.lazy(),
        FRAME.to_pandas(),
        FRAME.to_arrow(),
        FRAME.to_dict(as_series=False),
        FRAME.to_dict(),
    ],
    ids=["polars", "lazy", "pandas", "pyarrow", "dict of lists", "dict of series"],
)
def test_every_object_in_memory_gives_the_same_frame(source: object) -> None:
    """Whatever library holds the two rows, the same cells come back."""
    assert_frame_equal(read(source).frame, FRAME)


def test_the_first_bytes_win_over_the_suffix(tmp_path: Path) -> None:
    """A Parquet file that somebody named .csv is read as Parquet, a gzip named .csv as gzip."""
    FRAME.write_parquet(tmp_path / "p.csv")
    (tmp_path / "g.csv").write_bytes(gzip.compress(FRAME.write_csv().encode()))

    assert_frame_equal(read(tmp_path / "p.csv").frame, FRAME)
    assert_frame_equal(read(tmp_path / "g.csv").frame, FRAME)


def test_a_path_may_be_text_and_keeps_its_special_characters(tmp_path: Path) -> None:
    """A star in a file name is a star, not a pattern."""
    path = tmp_path / "a[1]*.csv"
    path.write_bytes(FRAME.write_csv().encode())

    table = read(str(path))

    assert table.source == str(path)
    assert_frame_equal(table.frame, FRAME)


def test_an_unsupported_suffix_lists_the_supported_ones(tmp_path: Path) -> None:
    """A workbook is refused with the way out."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"PK\3\4")

    with pytest.raises(
        DataError, match=r'suffix ".xlsx"\). Supported are .csv .tsv .* export the table as CSV'
    ) as error:
        read(path)
    assert error.value.values["suffix"] == ".xlsx"


def test_a_compression_that_the_format_does_not_take_is_named(tmp_path: Path) -> None:
    """CSV may be .gz or .zst; Parquet not at all."""
    (tmp_path / "t.parquet").write_bytes(gzip.compress(b"x"))
    (tmp_path / "t.csv").write_bytes(b"BZh91AY")

    with pytest.raises(DataError, match=r"compressed as not at all, but .*\.gz"):
        read(tmp_path / "t.parquet")
    with pytest.raises(DataError, match=r"compressed as .gz or .zst, but .*\.bz2"):
        read(tmp_path / "t.csv")


@pytest.mark.parametrize("source", [3, None, [1, 2], object()])
def test_an_object_that_is_no_table_is_refused(source: object) -> None:
    """The message lists what may be given."""
    with pytest.raises(DataError, match=r"must be a path, a data frame .* but got an object of type"):
        read(source)


def test_a_target_that_is_a_column_changes_nothing() -> None:
    """The table and the name come back as they are."""
    table = read(FRAME)

    assert join_target(table, "pay") == (table, "pay")


def test_labels_that_came_with_the_images_are_the_target_and_no_input(tmp_path: Path) -> None:
    """The file of the labels, named again, must not leave them among the inputs."""
    images, labels = tmp_path / "a-images-idx3-ubyte", tmp_path / "a-labels-idx1-ubyte"
    images.write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6]))
    labels.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 0]))
    table, name = join_target(read(images), str(labels))

    assert name == "label"
    assert table.frame.columns == ["pixel0", "pixel1", "label"]


def test_a_target_given_as_values_is_refused_in_words() -> None:
    """Who comes from scikit-learn passes y itself."""
    with pytest.raises(DataError, match=r"an object of type ndarray\. Give the values as a column"):
        join_target(read(FRAME), np.array([0, 1]))  # type: ignore[arg-type]


def test_a_target_file_is_joined_as_target(tmp_path: Path) -> None:
    """One column of as many rows becomes "target", and a note says from where."""
    np.save(tmp_path / "y.npy", np.array([0, 1]))

    table, name = join_target(read(FRAME), str(tmp_path / "y.npy"))

    assert name == "target"
    assert table.frame["target"].to_list() == [0, 1]
    assert any('"target" comes from' in note for note in table.notes)
    assert read(FRAME, target=str(tmp_path / "y.npy")).frame.columns[-1] == "target"


def test_a_target_that_is_nowhere_offers_the_nearest_column() -> None:
    """A typo is met with the column that was meant."""
    with pytest.raises(
        DataError, match=r'but got target="jbo" \(columns: age, pay, job\)\. Did you mean "job"'
    ):
        read(FRAME, target="jbo")
    with pytest.raises(DataError, match="Name one of them"):
        read(FRAME, target="\0")


def test_a_target_file_of_another_size_is_refused(tmp_path: Path) -> None:
    """Rows and columns are both said."""
    np.save(tmp_path / "y.npy", np.zeros((3, 1)))
    np.save(tmp_path / "wide.npy", np.zeros((2, 2)))

    with pytest.raises(DataError, match=r"one column and 2 rows, but got .* with 1 columns and 3 rows"):
        read(FRAME, target=str(tmp_path / "y.npy"))
    with pytest.raises(DataError, match="with 2 columns and 2 rows"):
        read(FRAME, target=str(tmp_path / "wide.npy"))


def test_a_target_file_does_not_replace_a_column_named_target(tmp_path: Path) -> None:
    """Two targets are one too many."""
    np.save(tmp_path / "y.npy", np.array([0, 1]))

    with pytest.raises(DataError, match='where it has one named "target"'):
        read({"target": [1, 2]}, target=str(tmp_path / "y.npy"))


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ([1.0, math.inf, -math.inf], r"`a` must be finite, but got inf \(2 cells, first in row 2, "),
        ([-math.inf, None, 2.0], r"`a` must be finite, but got -inf \(1 cell, first in row 1, "),
        ([1.0, -2e30, 3.0], r"`a` must lie within ±1e\+30, but got -2e\+30 \(1 cell, first in row 2, "),
    ],
)
def test_values_that_float32_cannot_carry_are_named(values: list[float], match: str) -> None:
    """Column, count, first row and the way out."""
    with pytest.raises(DataError, match=match + r".*leave their cells empty") as error:
        check_values(Table(pl.DataFrame({"ok": [1.0, 2.0, 3.0], "a": values}), "memory"))
    assert error.value.values["column"] == "a"


def test_values_within_the_limit_pass() -> None:
    """Values just below the limit, gaps, text and whole empty columns are no defect."""
    frame = pl.DataFrame(
        {"a": [0.99 * LARGEST, -0.99 * LARGEST, None], "b": ["inf", "x", None], "c": [None] * 3}
    )

    check_values(Table(frame.with_columns(pl.col("c").cast(pl.Float64)), "memory"))


def test_only_the_columns_asked_for_are_checked() -> None:
    """A column that is set aside may hold what it likes."""
    check_values(Table(pl.DataFrame({"a": [1.0], "b": [math.inf]}), "memory"), columns=["a"])


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data sets")
@pytest.mark.parametrize(
    ("name", "shape", "missing"),
    [
        ("adult_train", (32561, 15), 4262),
        ("titanic", (1309, 14), 3855),
        ("mushroom", (8124, 23), 2480),
        ("california_housing", (20640, 10), 207),
    ],
)
def test_real_tables_have_their_published_shape_and_gaps(
    name: str, shape: tuple[int, int], missing: int
) -> None:
    """Rows, columns and missing cells are those of the data sets' descriptions."""
    frame = read(DATA / "tabular" / f"{name}.csv.gz").frame

    assert frame.shape == shape
    assert sum(frame.null_count().row(0)) == missing


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data sets")
def test_mnist_comes_with_its_labels() -> None:
    """10,000 test images, 784 bytes each, and the labels that lie beside them."""
    frame = read(DATA / "mnist" / "t10k-images-idx3-ubyte.gz").frame

    assert frame.shape == (10_000, 785)
    assert frame["label"].head(5).to_list() == [7, 2, 1, 0, 4]


def test_pandas_and_pyarrow_keep_their_missing_values_missing() -> None:
    """NaN and None both arrive as null."""
    assert read(pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None]})).frame.null_count().row(0) == (1, 1)
    assert read(pa.table({"a": [1.0, float("nan")], "b": ["x", None]})).frame.null_count().row(0) == (1, 1)


def test_a_numpy_array_gives_numbered_columns() -> None:
    """x0, x1, … as from an NPY file."""
    assert read(np.ones((2, 3))).frame.columns == ["x0", "x1", "x2"]


def test_a_target_longer_than_any_path_is_no_file() -> None:
    """It is a name that no column has."""
    with pytest.raises(DataError, match="must name a column or a file"):
        read(FRAME, target="x" * 5000)
