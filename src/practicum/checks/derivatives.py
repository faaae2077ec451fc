"""Derivatives of one number by some tensors: the backward pass against finite differences.

A derivative counts as wrong only if it misses both tolerances at every step. Shorter steps cross fewer kinks, as
rectifiers have them; and where the point itself lies on one, there is nothing to compare with.
Source: Bengio 2012, 4.1-01 to 4.1-04.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from practicum.checks.differences import sided

ABSOLUTE, RELATIVE = 1e-6, 1e-4
"""Tolerances, both of which must be exceeded [4.1-04]: of the largest entry of a parameter's gradient, and of the
derivative itself. A fixed absolute one would pass every mistake where gradients are small."""

DIGITS = 1e-14
"""Of the loss: what its last digits are worth, with a margin; a difference quotient has that over the step."""

SMOOTH = 0.3
"""Where a step is ten times shorter, both sides of a smooth function come ten times nearer; of a kink they do not."""

STEPS = (1.0, 1e-1, 1e-2)
"""Parts of ε that are tried before a derivative is called wrong: across a kink a long step misleads."""

TINY = 1e-8
"""Below, a derivative is nothing, and its relative difference means nothing [4.1-04]."""

Scalar = Callable[[], Tensor]
"""Returns the loss of the tensors as they are now, the same whenever it is called."""


@dataclass(frozen=True, slots=True)
class Derivative:
    """One derivative, as the backward pass has it and as finite differences have it.

    Attributes:
        name: of the parameter, or of a module's input.
        place: of the entry; empty for a random direction through all of them.
        analytic: by the backward pass.
        numeric: by central differences.
        wrong: whether they differ beyond both tolerances, at every step.
    """

    name: str
    place: tuple[int, ...]
    analytic: float
    numeric: float
    wrong: bool

    @property
    def relative(self) -> float:
        """|a − b| / max(|a| + |b|, 10⁻⁸) [4.1-04]."""
        return abs(self.analytic - self.numeric) / max(abs(self.analytic) + abs(self.numeric), TINY)

    @property
    def sign_differs(self) -> bool:
        """Whether they point in opposite directions [4.1-01]."""
        return self.analytic * self.numeric < 0

    @property
    def text(self) -> str:
        """Half a sentence."""
        where = (
            f"`{self.name}`{list(self.place)}" if self.place else f"`{self.name}` along a random direction"
        )
        sign = ", of opposite sign" if self.sign_differs else ""
        return f"{where}: {self.analytic:.4g} by the backward pass, {self.numeric:.4g} by differences{sign}"


def compare(
    scalar: Scalar,
    tensors: Mapping[str, Tensor],
    epsilon: float,
    num_entries: int,
    chooser: torch.Generator,
) -> list[Derivative]:
    """Compare the derivatives of ``scalar`` by ``tensors``, double ones that require a gradient.

    Args:
        scalar: returns the loss.
        tensors: by what it is differentiated, by name.
        epsilon: the longest step.
        num_entries: of each tensor, besides a direction through all entries.
        chooser: of entries and directions.
    """
    loss = scalar()
    gradients = torch.autograd.grad(loss, list(tensors.values()), allow_unused=True)
    digits = DIGITS * (1.0 + abs(float(loss.detach())))
    found = []
    for (name, tensor), gradient in zip(tensors.items(), gradients, strict=True):
        known = torch.zeros_like(tensor) if gradient is None else gradient.detach()
        absolute = ABSOLUTE * (float(known.abs().max()) if known.numel() else 0.0)
        limits = [absolute + digits / (epsilon * part) for part in STEPS]
        signs = torch.randint(0, 2, tensor.shape, generator=chooser).to(tensor) * 2 - 1
        found.append(
            _derivative(scalar, name, (), tensor, signs / math.sqrt(tensor.numel()), known, epsilon, limits)
        )
        for flat in torch.randperm(tensor.numel(), generator=chooser)[:num_entries].tolist():
            direction = torch.zeros(tensor.numel(), dtype=tensor.dtype, device=tensor.device)
            direction[flat] = 1.0
            place = tuple(int(k) for k in torch.unravel_index(torch.tensor(flat), tensor.shape))
            found.append(
                _derivative(scalar, name, place, tensor, direction.view(tensor.shape), known, epsilon, limits)
            )
    return found


def _derivative(
    scalar: Scalar,
    name: str,
    place: tuple[int, ...],
    tensor: Tensor,
    direction: Tensor,
    gradient: Tensor,
    epsilon: float,
    limits: Sequence[float],
) -> Derivative:
    """Compare the derivative along one direction, at one step after the other."""
    analytic = float((gradient * direction).sum())
    before = tensor.detach().clone()

    def moved(distance: float) -> float:
        with torch.no_grad():
            tensor.copy_(before + distance * direction)
            return float(scalar())

    gaps: list[float] = []
    try:
        for part, absolute in zip(STEPS, limits, strict=True):
            around = sided(moved, epsilon * part)
            if _agree(analytic, around.central, absolute):
                return Derivative(name, place, analytic, around.central, wrong=False)
            gaps.append(abs(around.forward - around.backward))
        # At a corner there is no derivative, and whatever the backward pass says is as right as anything.
        corner = gaps[-1] > absolute and all(b > SMOOTH * a for a, b in pairwise(gaps))
        return Derivative(name, place, analytic, around.central, wrong=not corner)
    finally:
        with torch.no_grad():
            tensor.copy_(before)


def _agree(analytic: float, numeric: float, absolute: float) -> bool:
    """Return whether the difference is within one of the tolerances; never where one of both is no number."""
    difference = abs(analytic - numeric)
    return difference <= absolute or difference <= RELATIVE * max(abs(analytic) + abs(numeric), TINY)
