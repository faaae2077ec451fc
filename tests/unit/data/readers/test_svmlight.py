"""svmlight: sparse text made dense."""

import bz2
import gzip
from pathlib import Path

import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.readers.svmlight import from_svmlight


def _file(folder: Path, data: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / "t.svm"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_absent_indices_are_zero_and_names_are_the_files_own(tmp_path: Path) -> None:
    """Counting from 1, as the format does; whole labels are integers."""
    frame = from_svmlight(_file(tmp_path, "# made by hand\n1 1:2 3:4\n-1 2:1 # note\n")).frame

    assert frame.to_dict(as_series=False) == {
        "x1": [2.0, 0.0],
        "x2": [0.0, 1.0],
        "x3": [4.0, 0.0],
        "label": [1, -1],
    }
    assert frame["label"].dtype == pl.Int64


def test_a_file_that_counts_from_0_has_a_column_x0(tmp_path: Path) -> None:
    """Indices are taken as written, so that two files of one data set agree."""
    frame = from_svmlight(_file(tmp_path, "1.5 0:2 1:4\n0 1:1\n")).frame

    assert frame.to_dict(as_series=False) == {"x0": [2.0, 0.0], "x1": [4.0, 1.0], "label": [1.5, 0.0]}


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_compressed_files_are_read(tmp_path: Path, compress: object) -> None:
    """As the collections on the web are packed."""
    frame = from_svmlight(_file(tmp_path, compress(b"1 1:2\n"))).frame  # type: ignore[operator]

    assert frame.row(0) == (2.0, 1)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("hello world\n", "undamaged svmlight file.*could not convert"),
        ("1 a:b\n", "undamaged svmlight file"),
        ("1 2:1 1:1\n", "sorted and unique"),
        ("1\n2\n", "at least one row and one feature"),
        ("# nothing\n", "at least one row and one feature"),
        (
            "1 200000001:1\n",
            r"made dense, but got 1 rows × 200,000,002 features .*sparse input is not supported yet",
        ),
    ],
)
def test_a_file_that_cannot_be_a_dense_table_is_refused(tmp_path: Path, text: str, match: str) -> None:
    """A bad line, no features, or too many for memory."""
    with pytest.raises(DataError, match=match):
        from_svmlight(_file(tmp_path, text))
