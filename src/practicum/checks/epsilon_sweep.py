"""How the error of finite differences falls and rises again as ε shrinks, along the gradient of a model's loss.

A long step misses by what curves, a short one by lost digits; the chapter's ε lies between them.
Source: Bengio 2012, 4.1-02 and 4.1-03.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from practicum.checks.criterion import Criterion
from practicum.checks.differences import EPSILON, best_epsilon, sweep

EPSILONS = tuple(10.0**-power for power in range(13))
"""Steps, from 1 down to 10⁻¹²."""

FLOOR = 1e-4
"""Where even the best step misses the backward pass by more, relatively, it is not the differences that are wrong."""

LETTERS = 40
"""Width of the chart in letters."""

LOWEST = 1e-16
"""Errors below are drawn here: a double has no more digits."""


@dataclass(frozen=True, slots=True)
class EpsilonSweep:
    """Errors of finite differences for each step, relative to the derivative by the backward pass.

    Attributes:
        derivative: of the loss along its own gradient, by the backward pass: the gradient's length.
        rows: (ε, error of the forward difference, error of the central one), the longest step first.
    """

    derivative: float
    rows: tuple[tuple[float, float, float], ...]

    @property
    def best(self) -> float:
        """The step with the lowest error of central differences."""
        return best_epsilon(self.rows)

    @property
    def agrees(self) -> bool:
        """Whether any step brings central differences to the backward pass."""
        return min((row[2] for row in self.rows if math.isfinite(row[2])), default=math.inf) <= FLOOR

    @property
    def sentence(self) -> str:
        """What the sweep says."""
        errors = {row[0]: row[2] for row in self.rows}
        best = f"{self.best:.0e} (relative error {errors[self.best]:.0e})"
        if not self.agrees:
            return f"No ε brings differences to the backward pass: they come nearest at ε = {best} [4.1-03]."
        chapter = (
            f", at the chapter's ε = {EPSILON:.0e} by {errors[EPSILON]:.0e}" if EPSILON in errors else ""
        )
        return f"Along the gradient, central differences err least at ε = {best}{chapter} [4.1-03]."

    @property
    def text(self) -> str:
        """The sentence, and a chart in letters: a line a step, errors on a logarithmic scale."""
        shown = [error for row in self.rows for error in row[1:] if math.isfinite(error)]
        low, high = (math.log10(max(end, LOWEST)) for end in (min(shown), max(shown)))
        lines = [self.sentence, f"{'ε':<7}  forward  central   error, from {10**low:.0e} to {10**high:.0e}"]
        for epsilon, forward, central in self.rows:
            marks = [" "] * LETTERS
            for error, mark in ((forward, "f"), (central, "c")):
                if math.isfinite(error):
                    share = (math.log10(max(error, LOWEST)) - low) / (high - low) if high > low else 0.0
                    place = round((LETTERS - 1) * share)
                    marks[place] = mark if marks[place] == " " else "*"
            note = "  ← the chapter's ε" if epsilon == EPSILON else ""
            lines.append(f"{epsilon:.0e}    {forward:.0e}    {central:.0e}   |{''.join(marks)}|{note}")
        return "\n".join([*lines, "f forward, c central, * both"])

    def as_mapping(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        names = ("epsilon", "forward_error", "central_error")
        return {
            "derivative": self.derivative,
            "best_epsilon": self.best,
            "rows": [dict(zip(names, row, strict=True)) for row in self.rows],
        }


def sweep_epsilon(criterion: Criterion) -> EpsilonSweep | None:
    """Return the errors of finite differences of a criterion along its gradient; None where there are none.

    Args:
        criterion: in double precision; its parameters are moved and put back.

    Source:
        Bengio 2012, 4.1-03.

    Example:
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        >>> found = sweep_epsilon(Criterion(model, nn.functional.mse_loss, torch.randn(5, 3), torch.randn(5, 1)))
        >>> 1e-7 <= found.best <= 1e-2
        True
    """
    parameters = list(criterion.parameters.values())
    gradients = torch.autograd.grad(criterion.value(), parameters, allow_unused=True)
    known = [
        torch.zeros_like(one) if gradient is None else gradient
        for one, gradient in zip(parameters, gradients, strict=True)
    ]
    length = math.sqrt(sum(float(one.square().sum()) for one in known))
    if not length > 0 or not math.isfinite(length):
        return None
    before = [one.detach().clone() for one in parameters]

    def moved(distance: float) -> float:
        with torch.no_grad():
            for one, start, gradient in zip(parameters, before, known, strict=True):
                one.copy_(start + distance / length * gradient)
        return criterion.number()

    try:
        rows = sweep(moved, length, EPSILONS)
    finally:
        moved(0.0)
    if not any(math.isfinite(central) for _, _, central in rows):
        return None
    return EpsilonSweep(length, tuple((epsilon, a / length, b / length) for epsilon, a, b in rows))
