"""Derivatives by finite differences, and how wrong they are as the step shrinks.

Source: Bengio 2012, 4.1-02 (central differences are one order better for twice the cost) and 4.1-03 (the error falls
with ε, then rises again, for lack of digits).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

EPSILON = 1e-4
"""The chapter's step, for double precision [4.1-03]."""

Function = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Sided:
    """A function around a point: what its value does over one step to either side.

    Attributes:
        forward: difference quotient over the step ahead.
        backward: the same over the step behind.
    """

    forward: float
    backward: float

    @property
    def central(self) -> float:
        """Difference quotient over both steps: the mean of the two."""
        return (self.forward + self.backward) / 2


def sided(function: Function, epsilon: float = EPSILON) -> Sided:
    """Return the difference quotients of ``function`` around 0.

    Args:
        function: of the distance from the point that is looked at.
        epsilon: the step, > 0.

    Example:
        >>> import math
        >>> round(sided(math.sin, 1e-4).central, 8)
        1.0
    """
    here, ahead, behind = function(0.0), function(epsilon), function(-epsilon)
    return Sided((ahead - here) / epsilon, (here - behind) / epsilon)


def sweep(
    function: Function, derivative: float, epsilons: Sequence[float]
) -> list[tuple[float, float, float]]:
    """Return the error of forward and of central differences for each step.

    Args:
        function: of the distance from the point.
        derivative: the true one.
        epsilons: steps.

    Returns:
        (ε, error of the forward difference, error of the central one), in the order given.

    Source:
        Bengio 2012, 4.1-03.

    Example:
        >>> import math
        >>> [(f"{f:.0e}", f"{c:.0e}") for _, f, c in sweep(lambda x: math.exp(x), 1.0, (1e-2, 1e-3))]
        [('5e-03', '2e-05'), ('5e-04', '2e-07')]
    """
    found = []
    for epsilon in epsilons:
        around = sided(function, epsilon)
        found.append((epsilon, abs(around.forward - derivative), abs(around.central - derivative)))
    return found


def best_epsilon(rows: Sequence[tuple[float, float, float]]) -> float:
    """Return the step with the lowest error of central differences.

    Example:
        >>> best_epsilon([(1e-2, 1e-3, 1e-5), (1e-5, 1e-6, 1e-11), (1e-9, 1e-7, 1e-8)])
        1e-05
    """
    return min(rows, key=lambda row: row[2] if math.isfinite(row[2]) else math.inf)[0]
