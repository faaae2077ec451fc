"""What all checks of a model get, and what each of them gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from practicum.checks.criterion import Loss, rows_of, taken
from practicum.core.finding import Finding


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked.

    Attributes:
        model: as it starts.
        loss: of its output and the targets, a scalar.
        inputs: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        seed: of all that is drawn.
    """

    model: nn.Module
    loss: Loss
    inputs: Any
    targets: Any
    seed: int

    @property
    def num_rows(self) -> int:
        """Rows of the batch."""
        return rows_of(self.inputs if isinstance(self.inputs, tuple) else (self.inputs,))

    def few(self, count: int) -> Subject:
        """Return the same with the first ``count`` rows."""
        if self.num_rows <= count:
            return self
        rows = torch.arange(count)
        inputs, targets = (taken(one, rows, self.num_rows) for one in (self.inputs, self.targets))
        return Subject(self.model, self.loss, inputs, targets, self.seed)

    def given(self) -> tuple[nn.Module, Loss, Any, Any]:
        """Return the four arguments that every check takes."""
        return self.model, self.loss, self.inputs, self.targets


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check said.

    Attributes:
        title: of the check.
        text: what it saw; why it could not look, where it could not.
        findings: what is wrong.
        looked: whether it could look.
        found: all that the check itself returned, such as a :class:`practicum.checks.curvature.Curvature`.
    """

    title: str
    text: str
    findings: tuple[Finding, ...] = ()
    looked: bool = True
    found: Any = None
