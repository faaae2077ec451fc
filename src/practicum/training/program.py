"""The two contracts of training: a task (data and how to learn from them) and a program (K trials of it).

A program knows shapes, losses and gradients; how a gradient becomes a step it leaves to
:class:`practicum.training.update.Update`. There are three: our own network by hand (`mlp/`), a user's module lifted
to K trials, and the same module alone (`lift/`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self, runtime_checkable

from torch import Tensor

from practicum.core.events import Floats
from practicum.recipe import Recipe
from practicum.training.evaluate import Evaluation
from practicum.training.stack import Stack


@dataclass(frozen=True, slots=True)
class Role:
    """What a parameter is, for multipliers and penalties by layer and by kind [3.1-18, 3.1-19, 3.2-12].

    Attributes:
        layer: number of its layer, from the input on.
        kind: "weight", "bias" (every parameter of one axis counts as one) or "embedding".
    """

    layer: int
    kind: Literal["weight", "bias", "embedding"]


class Program(Protocol):
    """Losses and gradients of K trials."""

    @property
    def parameters(self) -> Stack:
        """What is learned, by the name in the module; only the update changes it."""

    @property
    def buffers(self) -> dict[str, Tensor]:
        """Other tensors of the K trials that a forward pass may change, (K, …), by the name in the module."""

    @property
    def roles(self) -> Mapping[str, Role]:
        """What each parameter is."""

    def gradients(self, indices: Tensor, step: int) -> Sequence[Tensor]:
        """Return the gradient of each trial's mean loss, one tensor a block; the caller may overwrite them.

        Args:
            indices: rows of the minibatch, (B,) if all trials share them, else (K, B).
            step: number of the update, from 0.
        """

    def batch_losses(self) -> Tensor:
        """Return the mean loss of the last minibatch, before its update, without penalties, (K,)."""

    def evaluate(self, parameters: Stack) -> Evaluation:
        """Evaluate ``parameters``, the program's own or others of their shape, on the validation rows."""

    def start_loss(self) -> Floats:
        """Return the mean training loss of the untrained trials, (K,)."""

    def sampled_start(self, indices: Tensor) -> Floats | float:
        """Return the loss of the untrained trials on a minibatch, (K,) or 0 where :meth:`start_loss` says it all."""

    def select(self, keep: Tensor) -> Self:
        """Return a program of the trials at positions ``keep`` only, as they are now."""


@runtime_checkable
class Descends(Protocol):
    """A program that can take a plain step of gradient descent without storing the gradient (decision 0003)."""

    def descend(
        self, indices: Tensor, step: int, rate_K: Tensor, decay: Callable[[], None] | None = None
    ) -> None:
        """Take one plain step of stochastic gradient descent without storing the gradient.

        ``decay`` changes the parameters by the penalties' part of the step; it is called when the slopes are known.
        """


class Task(Protocol):
    """Data, and how to learn from them.

    Attributes:
        num_train: training rows T.
        num_valid: validation rows.
    """

    @property
    def num_train(self) -> int:
        """Return T."""

    @property
    def num_valid(self) -> int:
        """Return the number of validation rows."""

    def structure(self, recipe: Recipe) -> Hashable:
        """Return what trials of one pack must share, beyond what every task asks for."""

    def program(self, recipes: Sequence[Recipe]) -> Program:
        """Return the untrained program of ``recipes``, which are equal in structure."""
