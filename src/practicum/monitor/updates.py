"""Counts updates, and those of a model in evaluation mode: done at every step, as fast as can be."""

from __future__ import annotations

from typing import Any, Self

from torch import nn

from practicum.monitor.facts import Facts


class Updates:
    """A hook on optimisers that counts; a copy of it, on a copy of an optimiser, does nothing.

    Args:
        facts: that it is noted in: `num_updates` and `in_evaluation`.
        model: that is trained.

    Example:
        >>> import copy
        >>> facts = Facts()
        >>> hook = Updates(facts, nn.Linear(2, 1).eval())
        >>> hook(), hook(), copy.deepcopy(hook)()
        (None, None, None)
        >>> facts.num_updates, facts.in_evaluation
        (2, 2)
    """

    def __init__(self, facts: Facts | None = None, model: nn.Module | None = None) -> None:
        self._facts, self._model = facts, model
        self._evaluating = 0

    def __call__(self, *_given: Any) -> None:
        """Count."""
        if self._facts is None or self._model is None:
            return
        self._facts.num_updates += 1
        if self._model.training:
            self._evaluating = 0
        else:
            self._note_mode(self._facts, self._model)

    def _note_mode(self, facts: Facts, model: nn.Module) -> None:
        whole = not any(one.training for one in model.modules())
        self._evaluating = self._evaluating + 1 if whole else 0
        facts.in_evaluation = max(facts.in_evaluation, self._evaluating)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return one that does nothing."""
        return type(self)()

    def __copy__(self) -> Self:
        """Return one that does nothing."""
        return type(self)()

    def __reduce__(self) -> tuple[Any, ...]:
        """Be saved as one that does nothing."""
        return (type(self), ())
