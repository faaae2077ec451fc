"""How steep each unit of a squashing non-linearity still is."""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from practicum.statistics.statistic import Statistic

FLAT = 0.05
"""Share of its largest slope below which a unit counts as saturated [A7]."""


def remaining_slope(units_KBH: Tensor, unit: Literal["tanh", "sigmoid"] = "tanh") -> Tensor:
    """Return each unit's mean derivative over its largest possible one, (K, H): 1 = at its steepest, 0 = saturated.

    Args:
        units_KBH: outputs of the non-linearity.
        unit: which; a tanh of output a has slope 1 - a², a sigmoid a(1 - a).

    Source:
        Fault A7.

    Example:
        >>> import torch
        >>> remaining_slope(torch.tensor([[[0.0, 1.0]]]))
        tensor([[1., 0.]])
    """
    if unit == "sigmoid":
        return (4 * units_KBH * (1 - units_KBH)).mean(1)
    return (1 - units_KBH.square()).mean(1)


SLOPE = Statistic("remaining slope", "units", "share of the largest", remaining_slope, "4.2-11")
