"""Passes without gradients: how a loop validates, heard in the first validations."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from practicum.monitor.answers import Answers
from practicum.monitor.careful import careful
from practicum.monitor.facts import Facts
from practicum.monitor.fingerprint import first_tensor
from practicum.monitor.hook import AsideHook

HEARD = 5
"""Validations, the first ones, whose passes are heard: a hook costs every training step a little too."""

LONGEST, PATIENCE = 1000, 2
"""Steps since a validation, so many and that part of those before it, after which nobody listens until the next one."""


class Passes:
    """Hears passes without gradients until a validation is reported.

    Args:
        facts: that it is noted in: `looked_rows`, `heard`, `validated_in_training`, `validations` and `answers`.
        model: that is trained.
        called: what the loop calls, the model or what it is wrapped in.
    """

    def __init__(self, facts: Facts, model: nn.Module, called: nn.Module) -> None:
        self.facts = facts
        self._model, self._called = model, called
        self._answers = Answers()
        facts.answers = self._answers.kept
        self._silent: set[str] = set()
        self._handle: Any = None
        self._count = self._in_training = self._rows = 0

    @careful
    def open(self) -> None:
        """Listen, unless enough was heard."""
        if self._handle is None and len(self.facts.validations) < HEARD:
            self._handle = self._called.register_forward_hook(AsideHook(self._passed))

    def close(self) -> None:
        """Listen no longer; nothing stays on the model."""
        if self._handle is not None:
            self._handle.remove()
        self._handle = None

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._handle is not None

    @careful
    def _passed(self, _model: nn.Module, given: tuple[Any, ...], output: Any) -> None:
        """Note a pass: its rows, in which mode it ran, and what came of it."""
        first = first_tensor(given)
        if first is None:
            first = first_tensor(output)  # of inputs that are given by name
        self._count += 1
        self._in_training += self._model.training
        self._rows += 0 if first is None else len(first)
        self.facts.looked_rows = max(self.facts.looked_rows, self._rows)
        self._answers.hold(output)

    def stepped(self) -> None:
        """Take in that a step came: what was heard since the last one was no validation that is still to come."""
        self._answers.drop()
        self._count = self._in_training = self._rows = 0
        known = self.facts.validations
        last = known[-1][0] if known else 0
        if len(known) >= HEARD or self.facts.num_steps - last >= max(LONGEST, PATIENCE * last):
            self.close()

    @careful
    def validated(self, loss: Any, error: Any, targets: Any) -> None:
        """Take in a validation that is reported."""
        facts = self.facts
        told = None if error is None else float(error)
        facts.validations.append((facts.num_steps, float(loss), told))
        if self._handle is not None:
            facts.heard += 1
            facts.validated_in_training += 0 < self._count == self._in_training
            self._answers.take(facts.num_steps, loss, error, targets)
        self._count = self._in_training = self._rows = 0
        self.open()


def rows_of(inputs: Any, otherwise: int) -> int:
    """Return how many rows a batch has.

    Example:
        >>> import torch
        >>> rows_of(torch.ones(3, 2), 8), rows_of({"x": torch.ones(5)}, 8), rows_of(None, 8)
        (3, 5, 8)
    """
    first = inputs if isinstance(inputs, Tensor) else first_tensor(inputs)
    return otherwise if first is None or not first.ndim else len(first)
