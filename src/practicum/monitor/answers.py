"""What the model answered in a validation, beside what the loop said of it: of the first one and later ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from practicum.monitor.sample import plain_tensor

BYTES = 16 * 2**20
"""Outputs of one validation that are held, at most; of larger ones none are."""

FIRST, LAST = 1, 2
"""Validations that are kept: of all that are heard, the first and the last ones."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One validation.

    Attributes:
        step: after which it came.
        loss: that the loop reported.
        error: likewise, or None.
        outputs: of the model in that validation, (N, …), on the CPU.
        targets: that the loop gave for them, (N, …).
    """

    step: int
    loss: float
    error: float | None
    outputs: Tensor
    targets: Tensor


class Answers:
    """Holds what a model returns without gradients until a validation is reported.

    Example:
        >>> model, answers = torch.nn.Linear(2, 1), Answers()
        >>> answers.hold(model(torch.ones(3, 2)))
        >>> answers.take(5, 0.25, None, torch.ones(3, 1))
        >>> [(one.step, one.outputs.shape) for one in answers.kept]
        [(5, torch.Size([3, 1]))]
    """

    def __init__(self) -> None:
        self.kept: list[Answered] = []
        self._held: list[Tensor] = []
        self._size = 0

    def hold(self, output: Any) -> None:
        """Hold what the model returned in a pass without gradients."""
        if not isinstance(output, Tensor) or not output.is_floating_point():
            return
        self._size += output.numel() * output.element_size()
        if self._size > BYTES:
            self._held = []
        elif output.ndim:
            try:
                self._held.append(output.detach().clone())  # the loop may write into it
            except Exception:  # noqa: BLE001 (no memory, say: the validation goes on, and nothing is held of it)
                self._held, self._size = [], BYTES + 1

    def drop(self) -> None:
        """Forget what is held: a step came, so it was no validation that is still to be reported."""
        if self._size:
            self._held, self._size = [], 0

    def take(self, step: int, loss: Any, error: Any, targets: Any) -> None:
        """Keep what is held beside the targets that belong to it, where these are as many."""
        wanted, held = plain_tensor(targets), self._held
        self.drop()
        if wanted is None or not held or len({one.shape[1:] for one in held}) != 1:
            return
        outputs = torch.cat(held)
        if len(outputs) != len(wanted):
            return
        if len(self.kept) >= FIRST + LAST:
            del self.kept[FIRST]
        told = None if error is None else float(error)
        rows = wanted.detach().to("cpu", copy=True)
        self.kept.append(Answered(step, float(loss), told, outputs.cpu(), rows))
