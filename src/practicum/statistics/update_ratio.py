"""How large a step is beside the weights."""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.statistics.statistic import Statistic

TARGET = 1e-3
"""The chapter's (Hinton's) healthy size of an average update beside its weight."""


def update_ratio(old_KP: Tensor, new_KP: Tensor) -> Tensor:
    """Return the size of a step relative to the weights, one number a trial.

    Healthy values lie near :data:`TARGET`.

    Args:
        old_KP: weights before the step, shape ``(K, P)``.
        new_KP: weights after it, same shape.

    Returns:
        Ratio of norms, shape ``(K,)``; ``inf`` or ``nan`` where all old weights are zero.

    Source:
        Bengio 2012, 6.2-03, 4.2-13.

    Example:
        >>> update_ratio(torch.ones(1, 4), torch.full((1, 4), 1.5))
        tensor([0.5000])
    """
    step: Tensor = torch.linalg.vector_norm((new_KP - old_KP).flatten(1), dim=1)
    before: Tensor = torch.linalg.vector_norm(old_KP.flatten(1), dim=1)
    return step / before


UPDATE_RATIO = Statistic("update ratio", "step", "1", update_ratio, "4.2-13")
