"""A loss that has no lowest value: it falls and falls, and means nothing."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from practicum.checks.doubles import own_loss, same_draws
from practicum.checks.loss_fit import are_probabilities
from practicum.checks.loss_kind import CANNOT, Loss, loss_kind, value_of
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.outputs import start_outputs
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

FAR = (1e2, 1e4, 1e6)
"""How far outputs are moved against the gradient, in their own root mean square (at least 1)."""

LINEAR = 0.5
"""Share of the gradient's promise that the loss must have fallen by each time: then there is no bottom in sight."""

ROWS = 64


def check(facts: Facts) -> Evidence | None:
    """Say how low the loss falls, where outputs are moved along its gradient or are perfect."""
    if any(one.causes[0][0] in ("L6", "L2", "L1") for one in facts.fits):
        return None
    seen = _seen(facts)
    return None if seen is None else Evidence(seen)


@kept
def _seen(facts: Facts) -> str | None:
    start, trained = start_outputs(facts), facts.trained
    if start is None or trained is None or trained.loss_fn is None:
        return None
    loss, outputs, targets = own_loss(trained.loss_fn), start.outputs[:ROWS], start.targets[:ROWS]
    if loss_kind(loss, outputs, targets) is not None:
        return None
    if outputs.ndim >= 2 and (are_probabilities(outputs) or are_probabilities(outputs.exp())):
        return None  # they stay what they are, however far the loss would fall beyond
    return _at_the_targets(loss, outputs, targets) or _without_end(loss, outputs, targets)


def _at_the_targets(loss: Loss, outputs: Tensor, targets: Tensor) -> str | None:
    """Say what the loss is of perfect outputs, where that is no finite number."""
    if not targets.is_floating_point() or targets.shape != outputs.shape:
        return None
    perfect, near = (value_of(loss, targets.to(outputs.dtype) + offset, targets) for offset in (0.0, 0.1))
    if perfect is None or near is None or math.isfinite(perfect) or not math.isfinite(near):
        return None
    return f"Of outputs that are equal to their targets the loss is {perfect}: it has no lowest value."


def _without_end(loss: Loss, outputs: Tensor, targets: Tensor) -> str | None:
    """Say how the loss falls along its gradient, where that has no end."""
    leaf = outputs.detach().clone().requires_grad_()
    try:
        with torch.enable_grad(), same_draws(0):
            value = loss(leaf, targets)
            (gradient,) = torch.autograd.grad(value, leaf)
    except CANNOT:
        return None
    slope, begin = float(gradient.norm()), float(value.detach())
    if not (math.isfinite(begin) and 0 < slope < math.inf):
        return None
    size = max(1.0, float(outputs.square().mean().sqrt())) * math.sqrt(outputs.numel())
    told = []
    for far in FAR:
        reached = value_of(loss, outputs - far * size * gradient / slope, targets)
        if reached is None or not math.isfinite(reached) or begin - reached < LINEAR * far * size * slope:
            return None
        told.append(reached)
    return f"Moved along its gradient the loss falls without end: from {begin:.3g} to {told[0]:.3g} and {told[-1]:.3g}."


RULE = Rule(
    id="R028",
    title="A loss without a bottom",
    severity="critical",
    causes=(("L6", 0.9),),
    why="Such a loss falls for ever while predictions get no better, and its gradient is there where they are right.",
    advice="Take minus the log of the probability of the target (`NLLLoss` of `log_softmax`, or `CrossEntropyLoss`), "
    "or a distance; keep what a log is taken of away from 0.",
    source="fault-L6",
    inject="Take the log of the absolute error.",
    check=check,
)
