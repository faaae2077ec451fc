"""Counts updates, and those that a model makes in evaluation mode."""

from __future__ import annotations

from typing import Any

from torch import nn

from practicum.monitor.facts import Facts


class Updates:
    """Counts what is told to it.

    Args:
        facts: that it is noted in: `num_updates` and `in_evaluation`.
        model: that is trained.

    Example:
        >>> facts = Facts()
        >>> updates = Updates(facts, nn.Linear(2, 1).eval())
        >>> updates.count(), updates.count()
        (None, None)
        >>> facts.num_updates, facts.in_evaluation
        (2, 2)
    """

    def __init__(self, facts: Facts, model: nn.Module) -> None:
        self._facts, self._model = facts, model
        self._evaluating = 0

    def count(self, *_given: Any) -> None:
        """Take in an update, and whether the model is in evaluation mode as a whole."""
        self._facts.num_updates += 1
        whole = not self._model.training and not any(one.training for one in self._model.modules())
        self._evaluating = self._evaluating + 1 if whole else 0
        self._facts.in_evaluation = max(self._facts.in_evaluation, self._evaluating)
