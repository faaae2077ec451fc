"""A histogram over powers of two, so that one set of bins serves weights and gradients of any size."""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.statistics.statistic import Statistic

LOWEST, HIGHEST = -30, 10
"""Powers of two of the innermost and the outermost edge; what lies beyond is counted in the last bin."""

EDGES: tuple[float, ...] = (
    *(-(2.0**power) for power in range(HIGHEST, LOWEST - 1, -1)),
    *(2.0**power for power in range(LOWEST, HIGHEST + 1)),
)
"""Edges between the bins, rising; the first bin is open to the left, the last to the right."""


def histogram(values_KN: Tensor) -> Tensor:
    """Return how many numbers of each trial fall between :data:`EDGES`, (K, bins); NaN is counted nowhere.

    Example:
        >>> counts = histogram(torch.tensor([[0.0, 3.0, 3.5, -1e-3, float("nan")]]))
        >>> int(counts.sum()), int(counts[0, EDGES.index(2.0) + 1])
        (4, 2)
    """
    flat = values_KN.flatten(1).float()
    edges = torch.tensor(EDGES, device=flat.device)
    place_KN = torch.bucketize(flat, edges)
    place_KN = torch.where(flat.isnan(), len(EDGES) + 1, place_KN)
    counts = torch.zeros(len(flat), len(EDGES) + 2, dtype=torch.int64, device=flat.device)
    counts.scatter_add_(1, place_KN, torch.ones_like(place_KN))
    return counts[:, :-1]


HISTOGRAM = Statistic("histogram", "values", "numbers a bin", histogram, "4.2-11")
