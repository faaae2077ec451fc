"""Which loss it is: by its class or function, else by what it computes.

A loss that is wrapped in a function of one's own is still known by its values at a few points.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from practicum.checks.doubles import same_draws

LossKind = Literal["cross-entropy", "nll", "binary", "binary-logits", "squared", "absolute", "huber"]

ELEMENTWISE: frozenset[str] = frozenset({"binary", "binary-logits", "squared", "absolute", "huber"})
"""Losses that compare output and target entry by entry."""

IN_NATS: frozenset[str] = frozenset({"cross-entropy", "nll", "binary", "binary-logits"})
"""Losses that are minus the log of a probability."""

Loss = Callable[[Any, Any], Tensor]
"""Of the model's output and the targets, a scalar."""

CANNOT = (RuntimeError, ValueError, IndexError, TypeError)
"""What a loss raises that was given what it does not take."""

_CLASSES: dict[type, LossKind] = {
    nn.CrossEntropyLoss: "cross-entropy",
    nn.NLLLoss: "nll",
    nn.BCELoss: "binary",
    nn.BCEWithLogitsLoss: "binary-logits",
    nn.MSELoss: "squared",
    nn.L1Loss: "absolute",
    nn.HuberLoss: "huber",
    nn.SmoothL1Loss: "huber",
}

_FUNCTIONS: dict[Any, LossKind] = {
    F.cross_entropy: "cross-entropy",
    F.nll_loss: "nll",
    F.binary_cross_entropy: "binary",
    F.binary_cross_entropy_with_logits: "binary-logits",
    F.mse_loss: "squared",
    F.l1_loss: "absolute",
    F.huber_loss: "huber",
    F.smooth_l1_loss: "huber",
}

_SAME = 1e-4
"""Relative difference, in single precision, up to which two ratios are the same."""


def declared_kind(loss: Loss) -> LossKind | None:
    """Return the kind that the class or the function says; None for one's own.

    Example:
        >>> declared_kind(functools.partial(F.cross_entropy, label_smoothing=0.1))
        'cross-entropy'
    """
    while isinstance(loss, functools.partial):
        loss = loss.func
    for owner, kind in _CLASSES.items():
        if isinstance(loss, owner):
            return kind
    try:
        return _FUNCTIONS.get(loss)
    except TypeError:  # not hashable
        return None


def loss_kind(loss: Loss, output: Tensor, targets: Any) -> LossKind | None:
    """Return what kind of loss it is, by name, else by its values at three points; None where it is no usual one.

    Args:
        loss: any function of output and targets.
        output: for its shape.
        targets: as the loss takes them.

    Example:
        >>> loss_kind(lambda output, target: 0.5 * ((output - target) ** 2).sum(), torch.ones(4, 1), torch.ones(4, 1))
        'squared'
    """
    kind = declared_kind(loss)
    if kind is not None or not isinstance(targets, Tensor):
        return kind
    chooser = torch.Generator().manual_seed(0)
    points = [
        (torch.rand(output.shape, generator=chooser) * 0.8 + 0.1).to(output) for _ in range(3)
    ]  # fit for losses of logits and of probabilities alike
    values = [value_of(loss, point, targets) for point in points]
    if any(one is None or one == 0 for one in values):
        return None
    for function, one in _FUNCTIONS.items():
        known = [value_of(function, point, targets) for point in points]
        ratios = [b / a for a, b in zip(values, known, strict=True) if a is not None and b is not None]
        if len(ratios) == 3 and ratios[0] > 0 and max(ratios) - min(ratios) <= _SAME * ratios[0]:
            return one
    return None


def value_of(loss: Loss, output: Any, targets: Any) -> float | None:
    """Return the loss as a number; None where it cannot be computed."""
    try:
        return computed(loss, output, targets)
    except CANNOT:
        return None


def computed(loss: Loss, output: Any, targets: Any) -> float:
    """Return the loss as a number, its warnings kept quiet.

    Raises:
        RuntimeError, ValueError, IndexError, TypeError: what the loss raises.
    """
    with torch.no_grad(), same_draws(0), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(loss(output, targets))
