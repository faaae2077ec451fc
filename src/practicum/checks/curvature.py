"""How strongly the training criterion curves: the largest eigenvalue of its Hessian, by the power method.

It tells the learning rate: near 1/λ_max a step is best along that direction, above 2/λ_max a quadratic diverges; the
chapter has both upside down (errata E1 and E2).
Source: Bengio 2012, 2.1-04, 6.2-04.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.criterion import Criterion, Loss
from practicum.checks.vector_products import Product, hessian_product
from practicum.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Curvature:
    """The largest eigenvalue of the Hessian of the training criterion.

    Attributes:
        largest: λ_max, the largest with its sign; the estimate never exceeds the true one.
        steps: products with the Hessian that were made.
        converged: whether the last change of direction was within the tolerance.
    """

    largest: float
    steps: int
    converged: bool

    @property
    def rate(self) -> float:
        """1/λ_max [6.2-04, erratum-E2]; ∞ where nothing curves upwards."""
        return 1 / self.largest if self.largest > 0 else math.inf

    @property
    def limit(self) -> float:
        """2/λ_max, above which a quadratic diverges [2.1-04, erratum-E1]; ∞ where nothing curves upwards."""
        return 2 * self.rate

    @property
    def text(self) -> str:
        """One sentence."""
        about = "" if self.converged else f" (not settled after {self.steps} products, so it may be larger)"
        if self.largest <= 0:
            return f"The criterion curves upwards nowhere: λ_max = {self.largest:.3g}{about} [6.2-04]."
        return (
            f"The criterion curves by at most λ_max = {self.largest:.3g}{about}: a rate near 1/λ_max = {self.rate:.3g} "
            f"suits it, and above 2/λ_max = {self.limit:.3g} a quadratic diverges "
            "[6.2-04, 2.1-04, erratum-E1, erratum-E2]."
        )


def largest_eigenvalue(
    model: nn.Module,
    loss: Loss,
    inputs: Any,
    targets: Any,
    *,
    num_iterations: int = 200,
    tolerance: float = 1e-3,
    seed: int = 0,
) -> Curvature:
    """Estimate the largest eigenvalue of the Hessian of the training criterion by the power method.

    Args:
        model: in the mode, training or evaluation, that is meant. A copy is used.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        num_iterations: products at most, in each of two passes; the second is made only where the first did not end
            at a positive eigenvalue.
        tolerance: of ‖H v − λ v‖ relative to λ, for a v of length 1.
        seed: of the first direction, and of what the model draws itself.

    Raises:
        ConfigError: if ``num_iterations`` or ``tolerance`` is not positive, or the loss is no finite scalar with a
            gradient.

    Source:
        Bengio 2012, 6.2-04; erratum-E2.

    Example:
        >>> model, x, y = nn.Linear(2, 1, bias=False), torch.tensor([[1.0, 0.0], [0.0, 3.0]]), torch.zeros(2, 1)
        >>> found = largest_eigenvalue(model, nn.functional.mse_loss, x, y)
        >>> round(found.largest, 3), round(found.limit, 3), found.converged
        (9.0, 0.222, True)
    """
    if num_iterations < 1 or not tolerance > 0:
        raise ConfigError(
            "`num_iterations` and `tolerance` must be positive, but got "
            f"num_iterations={num_iterations}, tolerance={tolerance:g}. Leave them out for the usual ones.",
            num_iterations=num_iterations,
            tolerance=tolerance,
        )
    criterion = Criterion(model, loss, inputs, targets, seed=seed)
    product = hessian_product(criterion)
    chooser = torch.Generator().manual_seed(seed)
    size = sum(one.numel() for one in criterion.parameters.values())
    device = next(iter(criterion.parameters.values())).device
    first = torch.randn(size, generator=chooser, dtype=torch.float64).to(device)
    largest, reach, steps, converged = _powered(product, first, 0.0, num_iterations, tolerance)
    if reach > 0 and (largest <= 0 or not converged):
        # The largest in size is negative, or one of each sign is as large. Moved up by that size all are positive.
        again, _, more, converged = _powered(product, first, reach, num_iterations, tolerance)
        largest, steps = max(largest, again), steps + more
    return Curvature(largest, steps, converged)


def _powered(
    product: Product, first: Tensor, shift: float, num_iterations: int, tolerance: float
) -> tuple[float, float, int, bool]:
    """Return eigenvalue, the largest ‖H v‖ that was seen, products, and whether it converged, of H + shift·1."""
    direction, value, reach = first / first.norm(), 0.0, 0.0
    for step in range(1, num_iterations + 1):
        bent = product(direction)
        value = float(direction @ bent)
        reach = max(reach, float(bent.norm()))
        if float((bent - value * direction).norm()) <= tolerance * max(abs(value), 1e-3 * reach):
            return value, reach, step, True
        moved = bent + shift * direction
        direction = moved / moved.norm()
    return value, reach, num_iterations, False
