"""The course of the validations, beside the training loss and that of the best constant output."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from practicum.checks.doubles import doubled, own_loss
from practicum.checks.free_outputs import lowest_loss
from practicum.diagnose.derived.course import course_of, validations_of
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.outputs import train_outputs, valid_outputs
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.facts import Facts

FEWEST = 5
"""Validations below which they have no course."""

SOME = 256
"""Rows that the best constant's loss is taken of."""


@dataclass(frozen=True, slots=True)
class Validated:
    """Losses of validation; shares are of the loss of the best constant output.

    Attributes:
        num: of validations.
        best: the lowest loss.
        best_step: when that was.
        since: validations since then.
        end: mean of the last ones (a sixth of all, three at least).
        early: the lowest of the first three fifths.
        train: loss of training rows now, in evaluation mode; where that is unknown, of the last steps.
        gap: `end - train`, as a share.
        rise: `end - best`, as a share.
        error: standard error of `end`, as a share; 0 where rows of validation are unknown.
        num_rows: distinct training rows that were kept; 0 where none were.
    """

    num: int
    best: float
    best_step: int
    since: int
    end: float
    early: float
    train: float
    gap: float
    rise: float
    error: float
    num_rows: int


@kept
def validated_of(facts: Facts) -> Validated | None:
    """Return the course of validations; None with fewer than :data:`FEWEST`, or losses below zero.

    Example:
        >>> losses = [1.0, 0.6, 0.5, 0.6, 0.8, 0.9]
        >>> validations = [(step, loss, None) for step, loss in enumerate(losses)]
        >>> facts = Facts(losses=[1.0 / (1 + step) for step in range(60)], validations=validations)
        >>> validated = validated_of(facts)
        >>> validated.best, validated.since, validated.end > 1.5 * validated.best
        (0.5, 3, True)
    """
    course, validations = course_of(facts), validations_of(facts)
    if course is None or len(validations) < FEWEST:
        return None
    losses = np.array([one[1] for one in validations])
    known = train_outputs_loss(facts)
    train, constant = (course.end, course.begin) if known is None else known
    if losses.min() < 0 or not constant > 0 or not math.isfinite(train):
        return None
    best = int(losses.argmin())
    end = float(losses[-max(3, len(losses) // 6) :].mean())
    rows = rows_of(facts)
    return Validated(
        num=len(losses),
        best=float(losses[best]),
        best_step=validations[best][0],
        since=len(losses) - 1 - best,
        end=end,
        early=float(losses[: max(1, len(losses) * 3 // 5)].min()),
        train=train,
        gap=(end - train) / constant,
        rise=(end - float(losses[best])) / constant,
        error=_error(facts) / constant,
        num_rows=0 if rows is None else len(rows.x),
    )


def _error(facts: Facts) -> float:
    """Return the standard error of the validation loss, from rows."""
    outputs = valid_outputs(facts)
    if outputs is None or outputs.losses is None or len(outputs.losses) < 2:
        return 0.0
    return float(outputs.losses.double().std()) / math.sqrt(len(outputs.losses))


@kept
def train_outputs_loss(facts: Facts) -> tuple[float, float] | None:
    """Return the loss of training rows now, and that of the best constant output for them; None where unknown."""
    outputs = train_outputs(facts)
    loss_fn = facts.trained.loss_fn if facts.trained else None
    if outputs is None or loss_fn is None:
        return None
    few, targets = outputs.outputs[:SOME].double(), doubled(outputs.targets[:SOME])
    constant = lowest_loss(own_loss(loss_fn, double=True), few, targets, [0] * len(few))
    with torch.no_grad():
        now = float(loss_fn(outputs.outputs, outputs.targets))
    return None if constant is None else (now, constant)
