"""NumPy arrays in memory, NPY and NPZ."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.readers.arrays import columns_of, from_array, from_npy, from_npz


@pytest.mark.parametrize("width", [1, 3, 64, 65, 130])
def test_a_matrix_becomes_columns_in_order(width: int) -> None:
    """Names x0, x1, …; the block size leaves no trace."""
    matrix = np.arange(4 * width).reshape(4, width)

    frame = from_array(matrix).frame

    assert frame.columns == [f"x{i}" for i in range(width)]
    np.testing.assert_array_equal(frame.to_numpy(), matrix)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.array([1, 2], dtype=">i4"), pl.Int32),
        (np.array([1, 2], dtype=np.longdouble), pl.Float64),
        (np.array([True, False]), pl.Boolean),
        (np.array(["a", "b"]), pl.String),
        (np.array([b"a", b"b"]), pl.String),
        (np.array(["2020-01-01"], dtype="M8[D]"), pl.Datetime("us")),
        (np.array(["2020"], dtype="M8[Y]"), pl.Datetime("us")),
        (np.array(["x", "y"], dtype=object), pl.String),
    ],
)
def test_every_plain_type_has_a_column_type(values: np.ndarray, dtype: pl.DataType) -> None:
    """Byte order, long floats, bytes and any date unit included."""
    assert from_array(values).frame.dtypes == [dtype]


def test_a_structured_array_gives_its_fields() -> None:
    """The fields' names are the columns'."""
    array = np.array([(1, 2.5)], dtype=[("n", "i4"), ("w", "f8")])

    assert from_array(array).frame.to_dict(as_series=False) == {"n": [1], "w": [2.5]}


@pytest.mark.parametrize(
    ("array", "match"),
    [
        (np.array([1j]), "`x0` must be numbers, text or dates, but got type complex128"),
        (np.array([1, "x"], dtype=object), "`x0` must be numbers, text or dates"),
        (np.array(5.0), "must be an array with rows"),
        (np.zeros((0, 3)), "at least one row"),
        (np.zeros((3, 0)), "at least one row"),
        (np.array([b"\xff"]), "`x0` must be numbers, text or dates"),
    ],
)
def test_an_array_that_is_no_table_is_refused(array: np.ndarray, match: str) -> None:
    """Column and reason are named."""
    with pytest.raises(DataError, match=match):
        from_array(array)


def test_trailing_axes_are_flattened() -> None:
    """An image is a row of pixels."""
    assert columns_of(np.arange(8).reshape(2, 2, 2), "p", "memory").row(1) == (4, 5, 6, 7)


def test_npz_names_columns_after_its_arrays(tmp_path: Path) -> None:
    """1-D: the name; more axes: numbered; a single value is left out and said."""
    np.savez(tmp_path / "t.npz", x=np.arange(4).reshape(2, 2), y=np.array(["a", "b"]), seed=3)

    table = from_npz(tmp_path / "t.npz")

    assert table.frame.to_dict(as_series=False) == {"x0": [0, 2], "x1": [1, 3], "y": ["a", "b"]}
    assert table.notes == ("Left out seed: single values, not columns.",)


def test_npz_arrays_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    """Different rows, or one name twice."""
    np.savez(tmp_path / "rows.npz", train=np.ones(2), test=np.ones(3))
    np.savez(tmp_path / "names.npz", x=np.ones((2, 1)), x0=np.ones(2))

    with pytest.raises(DataError, match=r"same number of rows, but got train: 2, test: 3"):
        from_npz(tmp_path / "rows.npz")
    with pytest.raises(DataError, match=r'unique, but got "x0" twice'):
        from_npz(tmp_path / "names.npz")


def test_python_objects_are_never_loaded(tmp_path: Path) -> None:
    """They would need a pickle, and a pickle can run code."""
    array = np.array([1, {}], dtype=object)
    np.save(tmp_path / "t.npy", array)
    np.savez(tmp_path / "t.npz", x=array)

    for path, reader in ((tmp_path / "t.npy", from_npy), (tmp_path / "t.npz", from_npz)):
        with pytest.raises(DataError, match=r"plain arrays, .*pickles can run code"):
            reader(path)


def test_damaged_array_files_are_said_to_be_damaged(tmp_path: Path) -> None:
    """Cut short, or something else under that name."""
    np.save(tmp_path / "t.npy", np.ones((50, 3)))
    np.savez(tmp_path / "t.npz", x=np.ones((50, 3)))
    for path in (tmp_path / "t.npy", tmp_path / "t.npz"):
        path.write_bytes(path.read_bytes()[:-40])
    (tmp_path / "junk.npy").write_bytes(b"junk")

    for path, reader in (
        (tmp_path / "t.npy", from_npy),
        (tmp_path / "t.npz", from_npz),
        (tmp_path / "junk.npy", from_npy),
    ):
        with pytest.raises(DataError, match=r"undamaged NP[YZ] file"):
            reader(path)


def test_a_header_that_pythons_tokenizer_refuses_is_damage(tmp_path: Path) -> None:
    """An altered byte in the header raises what no list of exceptions foresees."""
    np.save(tmp_path / "t.npy", np.ones((2, 2)))
    data = (tmp_path / "t.npy").read_bytes()
    (tmp_path / "t.npy").write_bytes(data.replace(b"}", b" "))

    with pytest.raises(DataError, match="undamaged NPY file"):
        from_npy(tmp_path / "t.npy")
