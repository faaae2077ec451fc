"""Losses by name, one value an example: cross-entropy of classes, of yes and no, half the squared error.

They take data of the form {"x": …, "y": …} and call the model on x. Whatever else a user minimises is a function
``loss(model, batch)`` of their own.
Source: Bengio 2012, 3.2-26 (output units and their losses).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from practicum.core.errors import ConfigError, DataError, ShapeError, nearest

Model = Callable[..., Any]
Batch = Any
Loss = Callable[[Model, Batch], Tensor]
RowLosses = Callable[[Tensor, Tensor, "Tensor | None"], Tensor]


@dataclass(frozen=True, slots=True)
class NamedLoss:
    """A loss with its error, for data {"x": …, "y": …}.

    Attributes:
        name: as the user writes it.
        row_losses: from outputs, targets and label smoothing (a number or None) to losses, (B,).
        row_errors: from outputs and targets to errors, (B,).
        smooths: whether label smoothing has a meaning here.
    """

    name: str
    row_losses: RowLosses
    row_errors: Callable[[Tensor, Tensor], Tensor]
    smooths: bool = False

    def loss(self, model: Model, batch: Batch, label_smoothing: Tensor | None = None) -> Tensor:
        """Return the loss of each example, (B,)."""
        return self.row_losses(model(batch["x"]), batch["y"], label_smoothing)

    def error(self, model: Model, batch: Batch) -> Tensor:
        """Return the error of each example, (B,): 0 or 1 for classes, the squared error for numbers."""
        return self.row_errors(model(batch["x"]), batch["y"])

    def measure(self, model: Model, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return loss and error of each example from one pass, (B,) each."""
        outputs = model(batch["x"])
        return self.row_losses(outputs, batch["y"], None), self.row_errors(outputs, batch["y"])

    def __call__(self, model: Model, batch: Batch) -> Tensor:
        """Return the loss of each example without smoothing, (B,)."""
        return self.loss(model, batch)


def named_loss(name: str) -> NamedLoss:
    """Return the loss called ``name``.

    Raises:
        ConfigError: if there is none.

    Example:
        >>> batch = {"x": torch.tensor([[0.0, 2.0]]), "y": torch.tensor([1])}
        >>> named_loss("cross_entropy").loss(lambda x: x, batch)
        tensor([0.1269])
    """
    if name not in LOSSES:
        raise ConfigError(
            f"`loss` must be a function of (model, batch) or one of {', '.join(LOSSES)}, but got "
            f'loss="{name}".{nearest(name, LOSSES)}',
            loss=name,
        )
    return LOSSES[name]


def check_batch(loss: NamedLoss, batch: Batch, name: str) -> None:
    """Raise unless a named loss can be taken of ``batch``.

    Args:
        loss: by name.
        batch: some rows of the data.
        name: of the data, for the message.

    Raises:
        DataError: if there is no x or y, or y is of the wrong type.
    """
    if not (isinstance(batch, Mapping) and "x" in batch and isinstance(batch.get("y"), Tensor)):
        raise DataError(
            f'`{name}` must be a dict with "x" and "y" when loss="{loss.name}". '
            "For data of another form write a loss(model, batch) of your own.",
            loss=loss.name,
        )
    kind = batch["y"].dtype
    if loss.name == "cross_entropy":
        if kind != torch.int64:
            raise DataError(
                f'`y` must hold class numbers as int64 when loss="cross_entropy", but got {kind} (in `{name}`). '
                "Convert it with .long().",
                dtype=kind,
            )
    elif not kind.is_floating_point:
        raise DataError(
            f'`y` must hold floats when loss="{loss.name}", but got {kind} (in `{name}`). Convert it with .float().',
            dtype=kind,
        )


def check_rows(losses: object, num_rows: int, what: str = "loss") -> Tensor:
    """Return ``losses`` if it is one number an example.

    Args:
        losses: what the user's function gave.
        num_rows: B.
        what: name of the function.

    Raises:
        ShapeError: if it is anything else.

    Example:
        >>> check_rows(torch.tensor(0.5), 32)
        Traceback (most recent call last):
            ...
        practicum.core.errors.ShapeError: `loss` must return one value an example, shape (32,), but got shape (). \
Use reduction='none' and take the mean over everything but the first axis.
    """
    if not isinstance(losses, Tensor):
        raise ShapeError(
            f"`{what}` must return one value an example as a tensor, but got {type(losses).__name__}.",
            losses=losses,
        )
    if tuple(losses.shape) != (num_rows,):
        raise ShapeError(
            f"`{what}` must return one value an example, shape ({num_rows},), but got shape {tuple(losses.shape)}. "
            "Use reduction='none' and take the mean over everything but the first axis.",
            shape=tuple(losses.shape),
        )
    return losses


def _per_row(values: Tensor) -> Tensor:
    """Return the mean over all axes but the first, (B,)."""
    return values if values.dim() == 1 else values.flatten(1).mean(1)


def _same_shape(outputs: Tensor, y: Tensor) -> Tensor:
    """Return the targets in the shape of the outputs; a missing last axis of one is added."""
    if y.dim() == outputs.dim() - 1 and outputs.shape[-1] == 1:
        y = y.unsqueeze(-1)
    elif outputs.dim() == y.dim() - 1 and y.shape[-1] == 1:
        y = y.squeeze(-1)
    if y.shape != outputs.shape:
        raise ShapeError(
            f"`y` must have the shape of the model's outputs, but got y: {tuple(y.shape)} and outputs: "
            f"{tuple(outputs.shape)}. One output for each target is needed.",
            y=tuple(y.shape),
            outputs=tuple(outputs.shape),
        )
    return y


def _check_classes(logits: Tensor, y: Tensor) -> None:
    if logits.dim() != y.dim() + 1 or logits.shape[:-1] != y.shape:
        raise ShapeError(
            f"`y` must have the shape of the model's logits without their last axis, the classes, but got y: "
            f"{tuple(y.shape)} and logits: {tuple(logits.shape)}. The logits of one example are one row, (B, C) or "
            "(B, T, C).",
            y=tuple(y.shape),
            logits=tuple(logits.shape),
        )


def _cross_entropy(logits: Tensor, y: Tensor, label_smoothing: Tensor | None) -> Tensor:
    _check_classes(logits, y)
    surprise = -F.log_softmax(logits, -1)  # F.cross_entropy under vmap first imports sympy: four seconds
    own = surprise.gather(-1, y.unsqueeze(-1)).squeeze(-1)
    if label_smoothing is None:
        return _per_row(own)
    spread = torch.where(
        label_smoothing > 0, label_smoothing * surprise.mean(-1), 0
    )  # 0 times infinity is none
    return _per_row((1 - label_smoothing) * own + spread)


def _misclassified(logits: Tensor, y: Tensor) -> Tensor:
    _check_classes(logits, y)
    own = logits.gather(-1, y.unsqueeze(-1)).squeeze(-1)
    return _per_row((~(own >= logits.amax(-1))).to(logits.dtype))  # so that NaN counts as wrong


def _binary_cross_entropy(logits: Tensor, y: Tensor, label_smoothing: Tensor | None) -> Tensor:
    target = _same_shape(logits, y)
    return _per_row(F.binary_cross_entropy_with_logits(logits, target, reduction="none"))


def _wrong_side(logits: Tensor, y: Tensor) -> Tensor:
    target = _same_shape(logits, y)
    right = torch.where(target > 0.5, logits > 0, logits <= 0)
    return _per_row((~right).to(logits.dtype))


def _half_squared_error(outputs: Tensor, y: Tensor, label_smoothing: Tensor | None) -> Tensor:
    return _squared_error(outputs, y) / 2


def _squared_error(outputs: Tensor, y: Tensor) -> Tensor:
    squares = (outputs - _same_shape(outputs, y)).square()
    if squares.dim() <= 2:
        return squares if squares.dim() == 1 else squares.sum(1)
    return _per_row(squares.sum(-1))


LOSSES: Mapping[str, NamedLoss] = {
    loss.name: loss
    for loss in (
        NamedLoss("cross_entropy", _cross_entropy, _misclassified, smooths=True),
        NamedLoss("binary_cross_entropy", _binary_cross_entropy, _wrong_side),
        NamedLoss("squared_error", _half_squared_error, _squared_error),
    )
}
