"""How often each unit is active: dead units are counted, not zeros."""

from __future__ import annotations

from torch import Tensor

from practicum.statistics.statistic import Statistic


def firing_share(units_KBH: Tensor) -> Tensor:
    """Return the share of examples for which each unit is above zero, (K, H).

    Source:
        Fault A6: a unit that fires for hardly any example has no gradient; zeros alone are what rectifiers are for.

    Example:
        >>> import torch
        >>> firing_share(torch.tensor([[[1.0, 0.0], [2.0, -1.0]]]))
        tensor([[1., 0.]])
    """
    return (units_KBH > 0).sum(1).float().div(max(1, units_KBH.shape[1]))


FIRING = Statistic("firing share", "units", "share of examples", firing_share, "4.2-11")
