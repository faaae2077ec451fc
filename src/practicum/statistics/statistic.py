"""A statistic: what it is of, its unit, and the function that computes it, one number or row a trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

Of = Literal["values", "units", "step", "pair"]
"""Values in any arrangement (K, N); values of units (K, B, H); weights before and after a step; two gradients."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic.

    Attributes:
        name: in the record.
        of: what its function takes.
        unit: of its numbers; "1" where they have none.
        compute: the function; its result begins with the trial axis K.
        source: key of the guide, or paper.

    Source:
        Bengio 2012, 4.2-11.
    """

    name: str
    of: Of
    unit: str
    compute: Callable[..., Tensor | Any]
    source: str
