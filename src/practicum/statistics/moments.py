"""Mean, deviation and root mean square of whatever numbers."""

from __future__ import annotations

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
    apart: Tensor = torch.linalg.vector_norm(flat - flat.mean(1, keepdim=True), dim=1)  # much faster than `std`
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


MEAN = Statistic("mean", "values", "as measured", mean, "4.2-11")
DEVIATION = Statistic("deviation", "values", "as measured", deviation, "4.2-11")
ROOT_MEAN_SQUARE = Statistic("rms", "values", "as measured", root_mean_square, "4.2-11")
