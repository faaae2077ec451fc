"""IDX, the format of MNIST: two zero bytes, a type, the number of axes, their sizes (big-endian), the cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from practicum.core.errors import DataError
from practicum.data.readers.arrays import Array, columns_of
from practicum.data.readers.files import damaged, read_bytes
from practicum.data.readers.frames import normal
from practicum.data.table import Table

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def looks_like_idx(head: bytes) -> bool:
    """Return whether these first bytes open an IDX file.

    Example:
        >>> looks_like_idx(bytes([0, 0, 8, 3]))
        True
    """
    return len(head) >= 4 and head[:2] == b"\0\0" and head[2] in TYPES and head[3] > 0


def from_idx(path: Path) -> Table:
    """Return images as columns pixel0, pixel1, …, or a 1-D file as the column "label".

    Images of which the labels lie beside them (``images-idx3`` → ``labels-idx1`` in the file name) get them as
    column "label".

    Raises:
        DataError: if the file is damaged, or images and labels differ in number.
    """
    cells = _load(path)
    if cells.ndim == 1:
        return normal(pl.DataFrame({"label": cells}), str(path))
    frame = columns_of(cells, "pixel", str(path))
    labels_path = _labels_beside(path)
    if labels_path is None:
        return normal(frame, str(path))
    labels = _load(labels_path)
    if labels.shape != (len(cells),):
        raise DataError(
            f"Labels must be one a row, but got shape {labels.shape} for {len(cells)} images "
            f'("{labels_path.name}" beside "{path.name}"). Put the matching labels there, or move them away.',
            rows=len(cells),
            labels=labels.shape,
        )
    frame = frame.with_columns(pl.Series("label", labels))
    return normal(frame, str(path), [f'Column "label" comes from {labels_path.name}.'])


def _labels_beside(path: Path) -> Path | None:
    """Return the labels file of an images file, plain or compressed, if there is one."""
    name = path.name.replace("images-idx3", "labels-idx1").replace("images.idx3", "labels.idx1")
    if name == path.name:
        return None
    bare = name.removesuffix(".gz")
    return next(
        (path.with_name(each) for each in (name, bare, f"{bare}.gz") if path.with_name(each).is_file()), None
    )


def _load(path: Path) -> Array:
    """Return the array of an IDX file, in the machine's byte order."""
    data = read_bytes(path)
    if not looks_like_idx(data[:4]):
        raise damaged(
            path, "IDX file", f"it starts with {data[:4]!r}, not with two zero bytes, a type and the axes"
        )
    axes = data[3]
    start = 4 + 4 * axes
    if len(data) < start:
        raise damaged(path, "IDX file", f"the header needs {start} bytes, the file has {len(data)}")
    sizes = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes)]
    dtype = np.dtype(TYPES[data[2]])
    expected = dtype.itemsize
    for size in sizes:
        expected *= size  # Python integers: a hostile header cannot overflow them
    if len(data) - start != expected:
        raise damaged(
            path, "IDX file", f"sizes {sizes} need {expected} bytes, the file has {len(data) - start}"
        )
    if not expected:
        raise DataError(
            f"`source` must have at least one row and one column, but got sizes {sizes} "
            f'(source="{path}"). Name another source.',
            rows=sizes[0],
        )
    cells = np.frombuffer(data, dtype=dtype, offset=start).reshape(sizes)
    return cells.astype(dtype.newbyteorder("="), copy=False)
