"""Products of K matrices with K others, bound once to buffers that are kept.

On processors with AVX-512, NumPy's library has kernels for small products that are 10 to 50 % faster than those that
PyTorch calls (measured: "Products of small matrices" in `docs/experiments.md`). Larger products are cut into tiles that
are small enough for them. Which way a product goes depends on the machine and on the shape of one trial alone, so that
packing changes no bit; and below :data:`SMALL` NumPy's library starts no threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import threadpoolctl
import torch
from torch import Tensor

Array = npt.NDArray[Any]
Product = Callable[[], Any]

SMALL = 1_000_000
"""Multiplications of a product up to which the small kernels are used."""

TILE_ROWS = 32

QUICK_KERNELS = ("SkylakeX",)
"""Names of OpenBLAS's kernels with which NumPy was measured to be faster; elsewhere PyTorch does all."""


@cache
def numpy_is_quick() -> bool:
    """Return whether NumPy's products of small matrices are the faster ones on this machine."""
    return any(
        one.get("internal_api") == "openblas" and one.get("architecture") in QUICK_KERNELS
        for one in threadpoolctl.threadpool_info()
    )


def quick(like: Tensor) -> bool:
    """Return whether tensors like this one should be multiplied by NumPy."""
    return like.device.type == "cpu" and like.dtype == torch.float32 and numpy_is_quick()


def product(a_KMN: Tensor, b_KNP: Tensor, out_KMP: Tensor, *, by_numpy: bool) -> Product:
    """Return a function that puts the products of K matrices into ``out_KMP``.

    Args:
        a_KMN: left factors; they may change between calls, but not move.
        b_KNP: right factors, likewise.
        out_KMP: receives the products.
        by_numpy: whether NumPy does it, where the shape suits it.

    Example:
        >>> a, b, out = torch.ones(2, 3, 4), torch.ones(2, 4, 5), torch.empty(2, 3, 5)
        >>> _ = product(a, b, out, by_numpy=True)()
        >>> out.unique()
        tensor([4.])
    """
    if not by_numpy or a_KMN.shape[2] == 1:  # an outer product is no work for it
        return lambda: torch.bmm(a_KMN, b_KNP, out=out_KMP)
    a, b, out = a_KMN.numpy(), b_KNP.numpy(), out_KMP.numpy()
    rows, columns = tile(a.shape[1], a.shape[2], b.shape[2])
    if (rows, columns) != (a.shape[1], b.shape[2]):
        a, b, out = _tiled(a, rows, a.shape[2]), _tiled(b, b.shape[1], columns), _tiled(out, rows, columns)
    return lambda: np.matmul(a, b, out=out)


def tile(num_rows: int, num_inner: int, num_columns: int) -> tuple[int, int]:
    """Return rows and columns of the tiles into which a product is cut; its own where it is small enough.

    Example:
        >>> tile(64, 64, 64), tile(256, 784, 128)
        ((64, 64), (32, 32))
    """
    if num_rows * num_inner * num_columns <= SMALL:
        return num_rows, num_columns
    rows = next(n for n in range(min(num_rows, TILE_ROWS), 0, -1) if num_rows % n == 0)
    most = max(1, min(num_columns, SMALL // (rows * num_inner)))
    columns = next(n for n in range(most, 0, -1) if num_columns % n == 0 and (n % 16 == 0 or n < 16))
    return rows, columns


def _tiled(values_KMN: Array, rows: int, columns: int) -> Array:
    """Return a view (K, M/rows, N/columns, rows, columns)."""
    count, height, width = values_KMN.shape
    by_trial, down, right = values_KMN.strides
    return np.lib.stride_tricks.as_strided(
        values_KMN,
        (count, height // rows, width // columns, rows, columns),
        (by_trial, down * rows, right * columns, down, right),
    )
