"""Mean, deviation and root mean square of whatever numbers."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from practicum.statistics.statistic import Statistic


def mean(values_KN: Tensor) -> Tensor:
    """Return the mean of each trial's numbers, (K,)."""
    return values_KN.flatten(1).mean(1)


def deviation(values_KN: Tensor) -> Tensor:
    """Return the standard deviation (of the numbers themselves: divided by N), (K,)."""
    flat = values_KN.flatten(1)
    if flat.dtype not in (torch.float32, torch.float64):
        return flat.std(1, correction=0)
    apart: Tensor = torch.linalg.vector_norm(
        flat - flat.mean(1, keepdim=True), dim=1
    )  # much faster than `std`
    return apart.div(flat.shape[1] ** 0.5)


def root_mean_square(values_KN: Tensor) -> Tensor:
    """Return the root of the mean square, (K,).

    Example:
        >>> root_mean_square(torch.tensor([[3.0, 4.0]]))
        tensor([3.5355])
    """
    flat = values_KN.flatten(1)
    exact = torch.float64 if flat.dtype == torch.float64 else torch.float32  # half precision overflows
    norm: Tensor = torch.linalg.vector_norm(flat, dim=1, dtype=exact)
    return norm.div(flat.shape[1] ** 0.5)


def sums(values: Tensor) -> tuple[Tensor, Tensor]:
    """Return sum and length of all numbers together: what :func:`of_sums` needs, in two passes over them."""
    exact = torch.float64 if values.dtype == torch.float64 else torch.float32  # half precision overflows
    return values.sum(dtype=exact), torch.linalg.vector_norm(values, dtype=exact)


def of_sums(total: float, length: float, num: int) -> tuple[float, float, float]:
    """Return mean, standard deviation and root mean square, by sum and length of ``num`` numbers.

    The deviation is right to about a thousandth of the mean.

    Example:
        >>> of_sums(2.0, 2.0, 4)  # of 2 and three times 0
        (0.5, 0.8660254037844386, 1.0)
    """
    if num == 0:
        return (math.nan,) * 3
    mean, size = total / num, length / math.sqrt(num)
    return mean, math.sqrt(max(0.0, size**2 - mean**2)) if math.isfinite(size) else math.nan, size


MEAN = Statistic("mean", "values", "as measured", mean, "4.2-11")
DEVIATION = Statistic("deviation", "values", "as measured", deviation, "4.2-11")
ROOT_MEAN_SQUARE = Statistic("rms", "values", "as measured", root_mean_square, "4.2-11")
