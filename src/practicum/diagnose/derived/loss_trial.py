"""Two copies of the network from its first weights: one trained by the loop's loss, one by the usual of its targets."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from practicum.checks.descent import batches, without_dropout
from practicum.checks.doubles import own_loss, same_draws
from practicum.checks.loss_kind import Loss, loss_kind
from practicum.diagnose.derived.judged import probabilities, split_classes
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.outputs import start_outputs
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.aside import outputs_of
from practicum.monitor.facts import Facts

NUM_STEPS, BATCH_SIZE, LEARNING_RATE = 120, 32, 3e-3
"""Of Adam, for both copies."""

LEAST_ROWS, MOST_ROWS = 60, 1000
"""Rows below which nothing is tried, and that are trained on at most."""

LARGEST = 2_000_000
"""Parameters of a network beyond which nothing is tried: it would take too long."""

USUAL: dict[str, frozenset[str]] = {
    "cross-entropy": frozenset({"cross-entropy", "nll"}),
    "binary cross-entropy": frozenset({"binary", "binary-logits"}),
    "squared error": frozenset({"squared", "absolute", "huber"}),
}
"""Losses that are usual for classes, for yes and no, and for numbers, by what is tried instead of another."""

_TRIED: dict[str, Loss] = {
    "cross-entropy": F.cross_entropy,
    "binary cross-entropy": lambda output, target: F.binary_cross_entropy_with_logits(
        output, target.to(output.dtype)
    ),
    "squared error": lambda output, target: F.mse_loss(output, target.to(output.dtype)),
}


@dataclass(frozen=True, slots=True)
class LossTrial:
    """What came of it.

    Attributes:
        name: of the usual loss.
        given: error of the copy trained by the loop's loss: share misjudged, or mean square over the variance.
        usual: of the copy trained by the usual one.
        standard_error: of their difference, over rows.
        num_rows: that they were judged on.
        num_steps: that they were trained for.
    """

    name: str
    given: float
    usual: float
    standard_error: float
    num_rows: int
    num_steps: int


def usual_loss(facts: Facts) -> str | None:
    """Return the name of the usual loss for these outputs and targets; None where the loop has it, or nobody knows."""
    start, trained = start_outputs(facts), facts.trained
    if start is None or trained is None or trained.loss_fn is None:
        return None
    outputs, targets = start.outputs, start.targets
    if outputs.ndim >= 2 and outputs.shape[1] > 1:
        name = (
            None
            if targets.is_floating_point() or split_classes(outputs, targets) is None
            else "cross-entropy"
        )
    elif outputs.shape != targets.shape:
        return None
    else:
        yes_or_no = bool(((targets == 0) | (targets == 1)).all())
        name = "binary cross-entropy" if yes_or_no else "squared error"
    kind = loss_kind(trained.loss_fn, outputs, targets)
    return None if name is None or kind in USUAL[name] else name


@kept
def loss_trial(facts: Facts) -> LossTrial | None:
    """Return what came of training by two losses; None where the loop's own is usual, or nothing can be tried."""
    name, rows, trained = usual_loss(facts), rows_of(facts), facts.trained
    if name is None or rows is None or trained is None or trained.start is None or trained.loss_fn is None:
        return None
    if len(rows.x) < LEAST_ROWS or sum(one.numel() for one in trained.start.parameters()) > LARGEST:
        return None
    cut = len(rows.x) * 3 // 4
    x, y, held_x, held_y = rows.x[:cut], rows.y[:cut], rows.x[cut:], rows.y[cut:]
    if rows.valid_x is not None and rows.valid_y is not None and len(rows.valid_x) >= LEAST_ROWS:
        x, y, held_x, held_y = rows.x, rows.y, rows.valid_x, rows.valid_y
    errors = []
    for loss in (own_loss(trained.loss_fn), _TRIED[name]):
        model = _trained(trained.start, loss, x[:MOST_ROWS], y[:MOST_ROWS])
        outputs = None if model is None else outputs_of(model, held_x[:MOST_ROWS])
        errors.append(_errors(outputs, held_y[:MOST_ROWS], name))
    given, usual = errors
    if given is None or usual is None:
        return None
    spread = float((given - usual).std()) / math.sqrt(len(given))
    return LossTrial(
        name, float(given.mean()), float(usual.mean()), spread, len(held_y[:MOST_ROWS]), NUM_STEPS
    )


def _trained(
    start: nn.Module, loss: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor
) -> nn.Module | None:
    """Return a copy of the network, trained for a moment; None where that cannot be."""
    model = copy.deepcopy(start)
    without_dropout(model)
    device = next((one.device for one in model.parameters()), x.device)
    parameters = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=LEARNING_RATE)
    with torch.enable_grad(), same_draws(0):
        for rows in batches(len(x), BATCH_SIZE, NUM_STEPS, seed=0):
            optimizer.zero_grad()
            value = loss(model(x[rows].to(device)), y[rows].to(device))
            if not value.requires_grad or not bool(value.isfinite()):
                break
            torch.autograd.backward(value)
            optimizer.step()
    return model


def _errors(outputs: Tensor | None, targets: Tensor, name: str) -> Tensor | None:
    """Return the error of each row or place."""
    if outputs is None:
        return None
    if name == "squared error":
        variance = float(targets.double().var(correction=0))
        errors = (outputs.double() - targets.double()).square().reshape(len(targets), -1).mean(1)
        return torch.nan_to_num(errors / max(variance, 1e-300), nan=1e6, posinf=1e6).clamp(max=1e6)
    split = split_classes(outputs, targets)
    if split is None:
        return None
    values, labels = split
    known = labels >= 0
    wrong = probabilities(torch.nan_to_num(values[known])).argmax(1) != labels[known]
    return wrong.double()
