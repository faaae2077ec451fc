"""The loss before training against the best that is possible without looking at the inputs.

A net that starts far above has its first steps spent on unlearning what its last layer says.
Source: fault L4; Bengio 2012, 3.2-26.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.optimize import minimize
from torch import Tensor, nn
from torch.nn import functional as F

from practicum.checks.doubles import doubled, own_loss, same_draws
from practicum.checks.flow import Operation, run, traced
from practicum.checks.loss_kind import IN_NATS, Loss, loss_kind
from practicum.checks.top_layer import output_unit
from practicum.core.errors import ConfigError
from practicum.core.finding import Finding, Severity

RELATIVE, NATS = 0.2, 0.3
"""What both must be exceeded for a finding: of the prior's loss, and in nats [L4]."""

RELATIVE_OTHER = 1.0
"""The limit for a loss that is not in nats: a healthy start adds up to a third to a squared error."""

MILD = 5.0
"""Times the prior's squared error up to which a high start is worth knowing, no more: it is gone in some updates."""

HUGE = 10.0
"""Times the prior's loss from which nothing good comes of it."""

NUM_STEPS = 200
"""Iterations of L-BFGS for the best constant output, at most."""

FLOOR = 1e3
"""Times the first value below zero at which a loss is taken to have no floor."""


@dataclass(frozen=True, slots=True)
class StartLoss:
    """The loss at the start and what it is compared with.

    Attributes:
        loss: of the model as it is, on this batch, in evaluation mode.
        prior: of the best output that is the same for all examples.
        zero: of outputs that are all zero before the output unit: what a small last layer gives.
        finding: where the start is too high; None where it is not.
    """

    loss: float
    prior: float
    zero: float
    finding: Finding | None

    @property
    def text(self) -> str:
        """One sentence, or the finding."""
        if self.finding is not None:
            return self.finding.text
        return f"The loss starts at {self.loss:.3g}; the best constant output has {self.prior:.3g} [L4]."


def check_start_loss(model: nn.Module, loss: Loss, inputs: Any, targets: Any) -> StartLoss:
    """Return the loss at initialisation next to that of the best constant output.

    The constant has one number per entry of an example's output and passes through the model's output unit, where
    that is a sigmoid, a tanh, a softplus or a softmax. On a small batch it fits the targets' chance frequencies; one
    nat per free number, over the number of examples, is allowed for that: twice what chance gives on average.

    Args:
        model: as it is before training; a copy of it is run, in evaluation mode.
        loss: of the model's output and ``targets``, a scalar that has a derivative by the output.
        inputs: what the model takes: a tensor, or a tuple of arguments; the first axis is the examples'.
        targets: as the loss takes them.

    Raises:
        ConfigError: if the model does not return one floating tensor with a row for each example, or the loss has no
            lowest value for a constant output.

    Source:
        Fault L4.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 4))
        >>> x, y = torch.randn(400, 3), torch.arange(400) % 4
        >>> start = check_start_loss(model, nn.CrossEntropyLoss(), x, y)
        >>> f"{start.prior:.4f} {math.log(4):.4f} {start.finding}"
        '1.3863 1.3863 None'
    """
    double = traced(model).double().eval()
    output = run(double, doubled(inputs))
    if not isinstance(output, Tensor) or not output.is_floating_point() or not output.dim():
        shape = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
        raise ConfigError(
            f"`model` must return one floating tensor with a row for each example, but got {shape}. Wrap it in a "
            "module that returns the one that the loss is of."
        )
    wanted = doubled(targets)
    own = own_loss(loss, double=True)
    unit = _through(output_unit(output))
    shape = output.shape

    def of_constant(constant: Tensor) -> Tensor:
        with same_draws(0):
            return own(unit(constant.expand(shape)), wanted)

    with torch.no_grad(), same_draws(0):
        start = float(own(output.detach(), wanted))
    constant = torch.zeros((1, *shape[1:]), dtype=output.dtype, device=output.device)
    zero = float(of_constant(constant))
    prior = min(zero, _lowest(of_constant, constant))
    kind = loss_kind(loss, output.detach().to(_precision(targets)), targets)
    free = constant.numel() / max(1, shape[0]) if kind in IN_NATS else 0.0
    return StartLoss(start, prior, zero, _finding(start, prior, zero, free, in_nats=kind in IN_NATS))


def _precision(targets: Any) -> torch.dtype:
    """Return the targets' precision, where they are floating."""
    return targets.dtype if isinstance(targets, Tensor) and targets.is_floating_point() else torch.float32


def _through(unit: Operation | None) -> Callable[[Tensor], Tensor]:
    """Return the function of the output unit, as far as a constant must pass through it."""
    name = unit.name if unit else ""
    if name in ("Softmax", "LogSoftmax"):
        assert unit is not None
        axis = int(unit.node._saved_dim)
        axis -= 1 << 64 if axis >= 1 << 63 else 0  # PyTorch keeps it without its sign
        function = F.softmax if name == "Softmax" else F.log_softmax
        return lambda z: function(z, dim=axis)
    known: dict[str, Callable[[Tensor], Tensor]] = {
        "Sigmoid": torch.sigmoid,
        "Tanh": torch.tanh,
        "Softplus": F.softplus,
        "LogSigmoid": F.logsigmoid,
    }
    return known.get(name, lambda z: z)


def _lowest(function: Callable[[Tensor], Tensor], begin: Tensor) -> float:
    """Return the lowest value of ``function`` that L-BFGS finds from ``begin``."""
    seen: list[float] = []

    def with_gradient(entries: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, Any]:
        point = torch.from_numpy(entries).to(begin).view(begin.shape).requires_grad_()
        with torch.enable_grad():
            value = function(point)
            gradient = (
                torch.autograd.grad(value, point)[0] if value.requires_grad else torch.zeros_like(point)
            )
        seen.append(float(value.detach()))
        _check_floor(seen)
        return seen[-1], gradient.double().cpu().numpy().ravel()

    options = {"maxiter": NUM_STEPS, "gtol": 1e-9, "ftol": 1e-14}
    minimize(with_gradient, np.zeros(begin.numel()), jac=True, method="L-BFGS-B", options=options)
    return min(one for one in seen if math.isfinite(one))


def _check_floor(seen: Sequence[float]) -> None:
    """Refuse a loss that falls without end, or is no number to begin with."""
    if not math.isfinite(seen[0]) or seen[-1] < -FLOOR * (1 + abs(seen[0])):
        raise ConfigError(
            f"`loss` must have a lowest value for a constant output, but got {seen[-1]:g}. Check that it fits the "
            "output, as `check_top_layer` does.",
        )


def _finding(start: float, prior: float, zero: float, free: float, *, in_nats: bool) -> Finding | None:
    """Return fault L4 where the start is too high: graver where zero outputs would be better, too."""

    def above(other: float) -> bool:
        excess = start - other - free
        if in_nats:
            return excess > NATS and excess > RELATIVE * abs(other)
        return excess > RELATIVE_OTHER * abs(other)

    if not math.isfinite(start):
        return Finding(
            "start-loss",
            "critical",
            (("L4", 0.5), ("L6", 0.4)),
            f"The loss starts at {start}.",
            "Look for NaN in inputs and targets, and for the log of 0 or of a negative number.",
            "fault-L4",
        )
    if not above(prior):
        return None
    severity: Severity = "info"
    mild = not in_nats and start <= MILD * abs(prior)
    advice = "Set the last layer's bias to the targets' mean, or to the log of the classes' frequencies."
    if above(zero):
        severity = "critical" if start > HUGE * max(abs(zero), abs(prior)) else "info" if mild else "warning"
        advice = f"Make the last layer's weights smaller: zero outputs have {zero:.3g}. {advice}"
    elif not in_nats:
        severity, advice = "info" if mild else "warning", f"{advice} Or standardise the targets."
    return Finding(
        "start-loss",
        severity,
        (("L4", 0.7), ("A3", 0.2)),
        f"The loss starts at {start:.3g}; the best output that is the same for all rows has {prior:.3g}.",
        advice,
        "fault-L4",
    )
