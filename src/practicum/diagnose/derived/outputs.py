"""What the network says of kept rows, as it is now and as it was before the first step; run on copies."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from practicum.checks.doubles import same_draws
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.aside import outputs_of
from practicum.monitor.facts import Facts

ROWS = 1024
"""Of each part, at most."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Outputs of one part, in evaluation mode.

    Attributes:
        outputs: (N, …).
        targets: (N, …).
        losses: loss_fn of each row by itself, (N,); None where it is unknown or cannot be asked for one row.
        wrong: of classes, whether each row is misjudged, (N,); None for other targets.
    """

    outputs: Tensor
    targets: Tensor
    losses: Tensor | None
    wrong: Tensor | None

    @property
    def error(self) -> float | None:
        """Share of rows that are misjudged; None where there are no classes."""
        return None if self.wrong is None else float(self.wrong.double().mean())

    @property
    def loss(self) -> float | None:
        """Mean loss of a row."""
        return None if self.losses is None else float(self.losses.double().mean())


@kept
def train_outputs(facts: Facts) -> Outputs | None:
    """Return what the network says of training rows now; None where it cannot be asked."""
    rows = rows_of(facts)
    model = facts.trained.model if facts.trained else None
    return None if rows is None or model is None else _asked(facts, model, rows.x[:ROWS], rows.y[:ROWS])


@kept
def valid_outputs(facts: Facts) -> Outputs | None:
    """Return what it says of validation rows now; None where there are none with targets."""
    rows = rows_of(facts)
    model = facts.trained.model if facts.trained else None
    if rows is None or model is None or rows.valid_x is None or rows.valid_y is None:
        return None
    return _asked(facts, model, rows.valid_x[:ROWS], rows.valid_y[:ROWS])


@kept
def start_outputs(facts: Facts) -> Outputs | None:
    """Return what it said of the same training rows before the first step; None where no copy was kept."""
    rows = rows_of(facts)
    model = facts.trained.start if facts.trained else None
    return None if rows is None or model is None else _asked(facts, model, rows.x[:ROWS], rows.y[:ROWS])


def _asked(facts: Facts, model: nn.Module, x: Tensor, y: Tensor) -> Outputs | None:
    """Return outputs of a copy of the model; None where it returns something else than a tensor with these rows."""
    outputs = outputs_of(model, x)
    if outputs is None or len(outputs) != len(x):
        return None
    return Outputs(outputs, y, _losses(facts, outputs, y), wrong_rows(outputs, y))


def _losses(facts: Facts, outputs: Tensor, y: Tensor) -> Tensor | None:
    """Return the loss of each row by itself."""
    loss_fn = facts.trained.loss_fn if facts.trained else None
    if loss_fn is None:
        return None
    try:
        with torch.no_grad(), same_draws(0):
            each = [loss_fn(outputs[row : row + 1], y[row : row + 1]) for row in range(len(y))]
            return torch.stack([one.reshape(()) for one in each]).float()
    except Exception:  # noqa: BLE001 (a loss that takes whole batches, or other shapes)
        return None


def wrong_rows(outputs: Tensor, y: Tensor) -> Tensor | None:
    """Return whether each row is misjudged, for classes with logits (or probabilities) of each, or of the second alone.

    One output a row that lies within 0 and 1 throughout is a probability, otherwise a logit.

    Example:
        >>> wrong_rows(torch.tensor([[2.0, 0.0], [2.0, 0.0]]), torch.tensor([0, 1]))
        tensor([False,  True])
    """
    flat = y.reshape(len(y), -1)
    if flat.shape[1] != 1 or outputs.ndim > 2:
        return None
    labels = flat[:, 0]
    if outputs.ndim == 2 and outputs.shape[1] > 1:
        return None if y.is_floating_point() else outputs.argmax(1) != labels
    if not bool(((labels == 0) | (labels == 1)).all()):
        return None
    single = outputs.reshape(len(y))
    border = 0.5 if bool(((single >= 0) & (single <= 1)).all()) else 0.0
    return (single > border) != labels.bool()
