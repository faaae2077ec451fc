"""What a user's module is trained on: how to build it for one trial, its loss, and the data.

The module is written for one trial; nobody who writes it thinks of K.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import torch
from torch import nn

from practicum.data.tree import Tree, num_rows
from practicum.recipe import Recipe
from practicum.training.lift.losses import Loss, NamedLoss

if TYPE_CHECKING:
    from practicum.training.lift.program import LiftedProgram

CPU = torch.device("cpu")
Build = Callable[[Recipe], nn.Module]


@dataclass(frozen=True)
class ModelTask:
    """A user's module, loss and data.

    Attributes:
        build: returns the untrained module of one trial.
        loss: one value an example, ``loss(model, batch) -> (B,)``, or a named one.
        error: what is minimised on the validation rows, one value an example; None: the named loss's error, or else
            the loss.
        train: training rows.
        valid: validation rows.
        device: where it all lives.
        lifted: whether K trials run as one program; False: each alone.
    """

    build: Build
    loss: Loss | NamedLoss
    error: Loss | None
    train: Tree
    valid: Tree
    device: torch.device = CPU
    lifted: bool = True
    _signatures: dict[str, Hashable] = field(default_factory=dict, init=False, repr=False, compare=False)

    def alone(self) -> ModelTask:
        """Return the same task for trials that run one by one."""
        return replace(self, lifted=False)

    @property
    def num_train(self) -> int:
        """Training rows T."""
        return num_rows(self.train)

    @property
    def num_valid(self) -> int:
        """Validation rows."""
        return num_rows(self.valid)

    def structure(self, recipe: Recipe) -> Hashable:
        """Return what modules of one pack must share: everything but the values of their tensors.

        Raises:
            ConfigError: if ``build`` fails.
        """
        from practicum.training.lift.instance import instances
        from practicum.training.lift.signature import signature

        key = recipe.model_dump_json()
        if key not in self._signatures:
            self._signatures[key] = signature(instances(self, [recipe])[0])
        return self._signatures[key]

    def program(self, recipes: Sequence[Recipe]) -> LiftedProgram:
        """Return the untrained program of ``recipes``, whose modules are equal in :meth:`structure`.

        Raises:
            ConfigError: if ``build`` fails, or a setting does not go with the module or the loss.
        """
        from practicum.training.lift.program import LiftedProgram

        return LiftedProgram(self, recipes, lifted=self.lifted)
