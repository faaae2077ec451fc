"""What the model ends with: units that can reach the targets and have a gradient, and examples kept apart.

Source: Bengio 2012, 3.2-24 to 3.2-26; faults L1 to L3, L5 to L7 and L9.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.doubles import doubled, own_loss, same_draws, tensors_of
from practicum.checks.flow import Operation, before, depth, last_operation, run, traced
from practicum.checks.loss_fit import check_loss_fit
from practicum.checks.loss_kind import Loss, loss_kind
from practicum.core.finding import Finding

UNREACHABLE = 0.01
"""Share of targets outside the image of the output unit above which that is a fault [L3]."""

LEAK = 1e-8
"""Relative change of an output when other examples change, above which examples are mixed [L9]."""

DEEP, VERY_DEEP = 3, 4
"""Hidden layers from which a sigmoid on top of them is worth knowing, and from which it is a warning [3.2-24]."""

IMAGES: dict[str, tuple[float, float]] = {
    "Relu": (0.0, math.inf),
    "Softplus": (0.0, math.inf),
    "Sigmoid": (0.0, 1.0),
    "Softmax": (0.0, 1.0),
    "Hardsigmoid": (0.0, 1.0),
    "Tanh": (-1.0, 1.0),
}
"""What values a unit can have, by the name of its operation."""

HARD = frozenset({"Relu", "Hardtanh", "Hardsigmoid", "Threshold", "Clamp", "ClampMin", "ClampMax"})
"""Units with flat parts, on which there is no gradient at all [3.2-25]."""

_AFFINE = frozenset({"Addmm", "Mm", "Bmm", "Baddbmm", "Linear", "Convolution", "Add"})
_POOLING = frozenset({"Mean", "AvgPool2D", "AdaptiveAvgPool2D", "MaxPool2DWithIndices", "MaxPool2D"})
_SOURCE_OF_CLAMPED = ("Sigmoid", "Softmax")


def check_top_layer(model: nn.Module, loss: Loss, inputs: Any, targets: Any) -> tuple[Finding, ...]:
    """Return what is wrong with the end of a model, for a loss and a batch; empty where nothing is.

    Args:
        model: a copy of it is run, in evaluation mode.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments; the first axis is the examples'.
        targets: as the loss takes them.

    Returns:
        Findings, of the units first, then of the loss. Of a model that returns several tensors only whether
        examples are mixed.

    Source:
        Bengio 2012, 3.2-24 to 3.2-26; faults L1, L2, L3, L5, L6, L7, L9.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1), nn.ReLU())
        >>> x, y = torch.randn(32, 3), torch.linspace(-1, 1, 32)[:, None]
        >>> [one.causes[0][0] for one in check_top_layer(model, nn.functional.mse_loss, x, y)]
        ['L3', 'L3']
    """
    found = [_leak(model, inputs)]
    output = run(traced(model).eval(), inputs)
    if isinstance(output, Tensor) and output.is_floating_point():
        unit = output_unit(output)
        shown = output.detach()
        own = own_loss(loss)
        kind = loss_kind(own, shown, targets)
        if kind not in ("cross-entropy", "nll", "binary-logits"):
            found.append(_unreachable(unit, shown, targets))
        found += [_hard(unit, shown), _sigmoid_on_top(unit, output, inputs, targets)]
        found += check_loss_fit(own, shown, targets, unit.name if unit else None)
    return tuple(one for one in found if one is not None)


def output_unit(output: Tensor) -> Operation | None:
    """Return the operation that made the output; the clamping of probabilities is passed over.

    Example:
        >>> z = torch.zeros(2, 1, requires_grad=True)
        >>> output_unit(torch.sigmoid(z).clamp(1e-6, 1 - 1e-6)).name
        'Sigmoid'
    """
    unit = last_operation(output)
    if unit is not None and unit.name.startswith("Clamp"):
        below = before(unit)
        if below and below[0].name in _SOURCE_OF_CLAMPED:
            return below[0]
    return unit


def image(unit: Operation | None) -> tuple[float, float]:
    """Return the lowest and the highest value that a unit can have."""
    if unit is None:
        return -math.inf, math.inf
    if unit.name == "Hardtanh":
        return float(unit.node._saved_min_val), float(unit.node._saved_max_val)
    return IMAGES.get(unit.name, (-math.inf, math.inf))


def _unreachable(unit: Operation | None, output: Tensor, targets: Any) -> Finding | None:
    """Return fault L3 where the output cannot have the targets' values."""
    low, high = image(unit)
    if unit is None or not isinstance(targets, Tensor) or not targets.numel() or low == -high == -math.inf:
        return None
    if (
        not targets.is_floating_point() or targets.numel() != output.numel()
    ):  # numbers of classes are no values
        return None
    values = targets.double()
    outside = float(((values < low - 1e-6) | (values > high + 1e-6)).double().mean())
    if outside <= UNREACHABLE:
        return None
    return Finding(
        "top-layer",
        "critical",
        (("L3", 0.95),),
        f"{outside:.0%} of the targets lie outside [{low:g}, {high:g}], which is all that the output's {unit.name} "
        "can give.",
        "Leave the output linear, or rescale the targets.",
        "3.2-25, fault-L3",
    )


def _hard(unit: Operation | None, output: Tensor) -> Finding | None:
    """Return the warning of 3.2-25 where outputs have flat parts."""
    if unit is None or unit.name not in HARD:
        return None
    low, high = image(unit)
    flat = float(((output <= low) | (output >= high)).double().mean())
    seen = f"; {flat:.0%} of them lie there now" if flat > 0 else ""
    return Finding(
        "top-layer",
        "warning",
        (("L3", 0.5),),
        f"The outputs go through {unit.name}, which has no gradient where it is flat{seen}.",
        "Leave the output linear, or use softplus or a sigmoid with the loss that belongs to it.",
        "3.2-25",
    )


def _sigmoid_on_top(unit: Operation | None, output: Tensor, inputs: Any, targets: Any) -> Finding | None:
    """Return the warning of 3.2-24 where the top hidden layer of a deep net is of sigmoids."""
    num_hidden = depth(output) - 1
    first = inputs[0] if isinstance(inputs, tuple) else inputs
    rebuilds = isinstance(targets, Tensor) and isinstance(first, Tensor) and targets.shape == first.shape
    if num_hidden < DEEP or (rebuilds and torch.equal(targets, first)) or not _is_sigmoid_below(unit):
        return None
    return Finding(
        "top-layer",
        "warning" if num_hidden >= VERY_DEEP else "info",
        (("A7", 0.5), ("A4", 0.3)),
        f"The top of {num_hidden} hidden layers is of sigmoids: at first they saturate at 0 and learning stands still.",
        "Use tanh, softsign or rectifiers there, unless the layers were pre-trained.",
        "3.2-24",
    )


def _is_sigmoid_below(unit: Operation | None) -> bool:
    """Return whether the last affine map takes sigmoids, poolings and what only moves numbers passed over."""
    passed = False
    while unit is not None:
        if unit.name in _AFFINE:
            passed = True
        elif passed and unit.name not in _POOLING:
            return unit.name == "Sigmoid"
        unit = next(iter(before(unit)), None)
    return False


def _leak(model: nn.Module, inputs: Any) -> Finding | None:
    """Return fault L9 where an example's output changes when only the other examples do."""
    double = copy.deepcopy(model).double().eval()
    arguments = doubled(inputs if isinstance(inputs, tuple) else (inputs,))
    size = next((len(one) for one in arguments if isinstance(one, Tensor) and one.dim()), 0)
    if size < 2:
        return None

    def outputs(given: Any) -> list[Tensor]:
        with torch.no_grad(), same_draws(0):
            found = [one.detach() for one in tensors_of(double(*given))]
        return [one for one in found if one.dim() and one.numel() and len(one) == size]

    whole = outputs(arguments)
    worst, row = 0.0, 0
    for place in {0, size - 1}:
        alone = outputs([_only(one, place, size) for one in arguments])
        for one, other in zip(whole, alone, strict=True):
            change = float((one[place] - other[place]).abs().max())
            relative = change / max(float(one.abs().max()), 1e-300)
            if math.isfinite(relative) and relative > worst:
                worst, row = relative, place
    if worst <= LEAK:
        return None
    time_first = any(not one.batch_first for one in model.modules() if isinstance(one, nn.RNNBase))
    also = " A recurrent module has `batch_first=False`: its first axis is time." if time_first else ""
    return Finding(
        "top-layer",
        "warning",  # a graph's nodes, or batch statistics, may be meant to see each other
        (("L9", 0.6 if time_first else 0.9),),
        f"In evaluation mode the output of example {row} changes by {worst:.2g} of the largest when only other "
        f"examples change.{also}",
        "Keep the first axis for the examples: `transpose` or `permute` where `view` or `reshape` mixes axes.",
        "fault-L9",
    )


def _only(value: Any, place: int, size: int) -> Any:
    """Return a batch in which every example is the one at ``place``."""
    if isinstance(value, Tensor) and value.dim() and len(value) == size:
        return value[place : place + 1].expand_as(value).clone()
    return value
