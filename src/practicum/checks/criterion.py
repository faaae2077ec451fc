"""The training criterion of a copy of a model on given rows: what the checks differentiate and lower.

Rows lie along the first axis of inputs and targets. The copy may be trained, the model itself is not touched.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.doubles import doubled, own_loss, same_draws
from practicum.core.errors import ConfigError

Loss = Callable[[Any, Any], Tensor]
"""Of a model's output and the targets, a scalar."""


class Criterion:
    """A loss of a copy of a model on some rows.

    Attributes:
        model: the copy.
        parameters: its parameters that require a gradient, by name.
        arguments: what the model is called with.
        targets: as the loss takes them.

    Args:
        model: is copied.
        loss: of the model's output and ``targets``.
        inputs: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        seed: of what the model draws itself, as dropout does.
        double: whether the copy is one in double precision.

    Raises:
        ConfigError: if no parameter requires a gradient, the loss depends on none, or it is no finite scalar.

    Example:
        >>> criterion = Criterion(nn.Linear(3, 1), nn.functional.mse_loss, torch.ones(5, 3), torch.ones(5, 1))
        >>> criterion.num_rows, list(criterion.parameters), criterion.value().dtype
        (5, ['weight', 'bias'], torch.float64)
    """

    def __init__(
        self, model: nn.Module, loss: Loss, inputs: Any, targets: Any, *, seed: int = 0, double: bool = True
    ) -> None:
        self.model = copy.deepcopy(model)
        self.arguments = inputs if isinstance(inputs, tuple) else (inputs,)
        self.targets = targets
        if double:
            self.model = self.model.double()
            self.arguments, self.targets = doubled(self.arguments), doubled(targets)
        self.loss = own_loss(loss, double=double)
        self.seed = seed
        self.parameters = {name: one for name, one in self.model.named_parameters() if one.requires_grad}
        self._check()

    @property
    def num_rows(self) -> int:
        """Rows of the first argument that is a tensor; 1 where none is."""
        return rows_of(self.arguments)

    def output(self, rows: Tensor | None = None) -> Any:
        """Return what the model gives for all rows, or for some; draws come from the current generator."""
        given = taken(self.arguments, rows, self.num_rows)
        # Copies, for a model may write into what it is given.
        return self.model(*(one.clone() if isinstance(one, Tensor) else one for one in given))

    def batch_loss(self, rows: Tensor | None = None) -> Tensor:
        """Return the loss of all rows, or of some; draws come from the current generator."""
        return self.loss(self.output(rows), taken(self.targets, rows, self.num_rows))

    def value(self) -> Tensor:
        """Return the loss of all rows, with the same draws each time."""
        with same_draws(self.seed):
            return self.batch_loss()

    def number(self) -> float:
        """Return the loss of all rows without a gradient, with the same draws each time."""
        with torch.no_grad():
            return float(self.value())

    def _check(self) -> None:
        """Refuse what cannot be differentiated."""
        loss = self.value()
        if loss.numel() != 1 or not bool(torch.isfinite(loss.detach()).all()):
            value = f"{float(loss.detach()):g}" if loss.numel() == 1 else f"shape {tuple(loss.shape)}"
            raise ConfigError(
                f"`loss` must return one finite number, but got {value}. Average over the batch, and look for NaN in "
                "inputs and targets.",
            )
        if not self.parameters or not loss.requires_grad:
            raise ConfigError(
                f"`model` must have parameters that the loss depends on, but {len(self.parameters)} require a "
                "gradient and the loss depends on none. Look for `detach`, `no_grad` or frozen parameters.",
            )


def rows_of(arguments: tuple[Any, ...]) -> int:
    """Return how many rows the first argument that is a tensor has; 1 where none is.

    Example:
        >>> rows_of(("word", torch.ones(3, 2))), rows_of(())
        (3, 1)
    """
    return next((len(one) for one in arguments if isinstance(one, Tensor) and one.ndim), 1)


def taken(value: Any, rows: Tensor | None, num_rows: int) -> Any:
    """Return some rows of every tensor that has ``num_rows`` of them, however nested; anything else as it is.

    Example:
        >>> taken((torch.arange(3), "word"), torch.tensor([2, 0]), 3)
        (tensor([2, 0]), 'word')
    """
    if rows is None:
        return value
    if isinstance(value, Tensor):
        return value[rows] if value.ndim and len(value) == num_rows else value
    if isinstance(value, tuple | list):
        return type(value)(taken(one, rows, num_rows) for one in value)
    if isinstance(value, dict):
        return {name: taken(one, rows, num_rows) for name, one in value.items()}
    return value
