"""How much was learned at all: the loss beside that of the best output that is the same for all rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from practicum.diagnose.derived.course import course_of
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.outputs import Outputs, train_outputs, valid_outputs
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.facts import Facts


@dataclass(frozen=True, slots=True)
class Learned:
    """Shares of the way from knowing nothing (0) to perfect (1); below 0 it is worse than a constant.

    Attributes:
        train: of the training rows that were kept, as the network is now; nan where it cannot be said.
        valid: of the validation rows.
        measure: "error" (share misjudged, beside the most frequent class) or "squared" (beside the mean).
        constant: what the constant has: its error, or the variance.
        train_error: what the network has on training rows.
        valid_error: and on validation rows.
        standard_error: of valid_error (or of train_error where there are no validation rows).
    """

    train: float
    valid: float
    measure: str
    constant: float
    train_error: float
    valid_error: float
    standard_error: float


@kept
def learned_of(facts: Facts) -> Learned | None:
    """Return how much was learned; None where rows or targets of a usual kind are missing."""
    rows, train, valid = rows_of(facts), train_outputs(facts), valid_outputs(facts)
    if rows is None or train is None:
        return None
    if train.wrong is not None and rows.num_classes:
        counts = torch.bincount(rows.y.reshape(-1).long(), minlength=rows.num_classes)
        constant = 1 - float(counts.max()) / len(rows.y)
        errors: list[torch.Tensor | None] = [train.wrong, None if valid is None else valid.wrong]
        measure = "error"
    elif rows.y.is_floating_point() and train.outputs.numel() == train.targets.numel():
        constant = float(rows.y.double().var(0, correction=0).mean())
        errors = [_squares(train), None if valid is None else _squares(valid)]
        measure = "squared"
    else:
        return None
    if constant <= 0:
        return None
    told = [math.nan if one is None else float(one.double().mean()) for one in errors]
    last = errors[1] if errors[1] is not None else errors[0]
    assert last is not None
    spread = float(last.double().std()) / math.sqrt(len(last)) if len(last) > 1 else math.nan
    return Learned(
        1 - told[0] / constant, 1 - told[1] / constant, measure, constant, told[0], told[1], spread
    )


def _squares(one: Outputs) -> torch.Tensor | None:
    outputs, targets = one.outputs, one.targets
    if outputs.numel() != targets.numel():
        return None
    return (outputs.reshape(len(targets), -1) - targets.float().reshape(len(targets), -1)).square().mean(1)


@kept
def loss_fell(facts: Facts) -> float:
    """Return the share of its first value by which the training loss has fallen (of windows' means); nan if unknown."""
    course = course_of(facts)
    if course is None or course.begin == 0 or not np.isfinite(course.begin):
        return math.nan
    return (course.begin - course.end) / abs(course.begin)
