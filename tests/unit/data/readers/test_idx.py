"""IDX, MNIST's format."""

import gzip
import struct
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.errors import DataError
from practicum.data.readers.idx import TYPES, from_idx, looks_like_idx

IMAGES = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)


def _idx(array: np.ndarray, kind: int = 0x08) -> bytes:
    """Return an array in IDX form."""
    return (
        bytes([0, 0, kind, array.ndim])
        + struct.pack(f">{array.ndim}I", *array.shape)
        + array.astype(TYPES[kind]).tobytes()
    )


@pytest.mark.parametrize(
    "name", ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte"]
)
@pytest.mark.parametrize("labels_packed", [True, False])
def test_images_come_with_the_labels_beside_them(tmp_path: Path, name: str, labels_packed: bool) -> None:
    """In either naming, each file packed or not."""
    data, labels = _idx(IMAGES), _idx(np.array([7, 2, 1]))
    labels_name = name.removesuffix(".gz").replace("images", "labels").replace("idx3", "idx1")
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (tmp_path / (labels_name + ".gz" * labels_packed)).write_bytes(
        gzip.compress(labels) if labels_packed else labels
    )

    table = from_idx(tmp_path / name)

    assert table.frame.columns == ["pixel0", "pixel1", "pixel2", "pixel3", "label"]
    assert set(table.frame.dtypes) == {pl.UInt8}
    assert table.frame.row(1) == (4, 5, 6, 7, 2)
    assert table.notes[0].startswith('Column "label" comes from train-labels')


def test_images_without_labels_stand_alone(tmp_path: Path) -> None:
    """New images to predict have none."""
    (tmp_path / "a-images-idx3-ubyte").write_bytes(_idx(IMAGES))

    assert from_idx(tmp_path / "a-images-idx3-ubyte").frame.shape == (3, 4)


def test_a_file_of_one_axis_is_the_label_column(tmp_path: Path) -> None:
    """So that it can serve as a target file."""
    (tmp_path / "labels.idx").write_bytes(_idx(np.array([3, 1])))

    assert from_idx(tmp_path / "labels.idx").frame.to_dict(as_series=False) == {"label": [3, 1]}


@given(kind=st.sampled_from(sorted(TYPES)), values=st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_every_cell_type_is_read_in_its_byte_order(
    tmp_path_factory: pytest.TempPathFactory, kind: int, values: list[int]
) -> None:
    """Big-endian on disk, the machine's own in the frame."""
    path = tmp_path_factory.mktemp("idx") / "t.idx"
    path.write_bytes(_idx(np.array(values), kind))

    assert from_idx(path).frame["label"].to_list() == values


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"\0\0\x08\3\0\0", "the header needs 16 bytes, the file has 6"),
        (_idx(IMAGES)[:-1], r"sizes \[3, 2, 2\] need 12 bytes, the file has 11"),
        (_idx(IMAGES) + b"\0", "need 12 bytes, the file has 13"),
        (b"\0\0\x08\3" + b"\xff" * 12, "need 79228162458924105385300197375 bytes"),
        (b"\1\0\x08\1\0\0\0\1\0", "not with two zero bytes"),
        (_idx(np.zeros((0, 4))), "at least one row"),
    ],
)
def test_a_damaged_file_says_what_is_missing(tmp_path: Path, data: bytes, match: str) -> None:
    """Bytes needed and bytes found; a hostile header allocates nothing."""
    (tmp_path / "t.idx").write_bytes(data)

    with pytest.raises(DataError, match=match):
        from_idx(tmp_path / "t.idx")


def test_labels_of_another_number_are_refused(tmp_path: Path) -> None:
    """They belong to other images."""
    (tmp_path / "t-images-idx3-ubyte").write_bytes(_idx(IMAGES))
    (tmp_path / "t-labels-idx1-ubyte").write_bytes(_idx(np.array([1, 2])))

    with pytest.raises(DataError, match=r"one a row, but got shape \(2,\) for 3 images"):
        from_idx(tmp_path / "t-images-idx3-ubyte")


def test_only_the_idx_header_looks_like_idx() -> None:
    """Two zero bytes, a known type, at least one axis."""
    assert looks_like_idx(b"\0\0\x0d\2")
    assert not any(map(looks_like_idx, (b"\0\0\x08", b"\0\0\x07\1", b"\0\0\x08\0", b"PAR1")))


def test_images_of_another_name_look_for_no_labels(tmp_path: Path) -> None:
    """Only MNIST's naming says where they would be."""
    (tmp_path / "t.idx").write_bytes(_idx(IMAGES))

    assert from_idx(tmp_path / "t.idx").frame.columns == [f"pixel{i}" for i in range(4)]
