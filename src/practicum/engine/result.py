"""What one trial reached, and its way over the wire."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

from practicum.recipe import Recipe

Status = Literal["patience", "diverged", "num_steps", "budget", "stopped", "halted", "failed"]

RISEN_RATIO = 1.1
"""Training loss is a mean over sampled minibatches: so much above the start may be chance."""

PLAIN = (
    "trial",
    "status",
    "num_steps",
    "best_step",
    "train_loss",
    "start_loss",
    "valid_loss",
    "valid_error",
    "reason",
    "seconds",
)
"""Attributes that JSON holds; the recipe is known to who asked for the trial."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one trial reached.

    Attributes:
        trial: its number.
        recipe: its hyper-parameters.
        status: why it ended; "budget" when the time was up, "stopped" on Ctrl-C, "halted" when others were
            better, "failed" when it could not be trained.
        num_steps: updates done.
        best_step: updates done at its best validation, 0 if none was better than the start.
        train_loss: mean training loss before its last validation.
        start_loss: mean training loss before the first update, on all rows or on the minibatches of ``train_loss``,
            whichever is larger.
        valid_loss: at the best, ``inf`` if there was none.
        valid_error: at the best, ``inf`` if there was none.
        weights: at the best, named as in the trial's module; empty if it was never begun.
        reason: why it failed, why it was never begun, or why a diagnosis stopped it; empty for the others.
        seconds: what its training took of one core: that of its pack, shared out among the trials that trained.
            Measured, so it is the one attribute that is never the same twice.
    """

    trial: int
    recipe: Recipe
    status: Status
    num_steps: int
    best_step: int
    train_loss: float
    start_loss: float
    valid_loss: float
    valid_error: float
    weights: Mapping[str, Tensor]
    reason: str = ""
    seconds: float = 0.0

    @property
    def stable(self) -> bool:
        """Whether the training loss neither diverged nor ended clearly above where it began [2.1-02]."""
        return self.status != "diverged" and self.train_loss <= RISEN_RATIO * self.start_loss

    @property
    def rank(self) -> tuple[float, float]:
        """What the best trial has least of: validation error, then loss."""
        return (self.valid_error, self.valid_loss)

    def plain(self) -> dict[str, Any]:
        """Return what JSON can hold of it."""
        return {name: getattr(self, name) for name in PLAIN}


def without_weights(trial: int, recipe: Recipe, status: Status, reason: str, num_steps: int = 0) -> Result:
    """Return the result of a trial that has nothing to show.

    Args:
        trial: its number.
        recipe: its hyper-parameters.
        status: "failed", or why it was never begun.
        reason: in words.
        num_steps: updates it had done.
    """
    return Result(
        trial=trial,
        recipe=recipe,
        status=status,
        num_steps=num_steps,
        best_step=0,
        train_loss=math.nan,
        start_loss=math.nan,
        valid_loss=math.inf,
        valid_error=math.inf,
        weights={},
        reason=reason,
    )
