"""What an evaluation of K trials on the validation rows gives, whatever computes it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from practicum.core.events import Floats


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Result of an evaluation.

    Attributes:
        loss: mean loss, (K,).
        error: misclassified fraction, or root mean squared error over the target's deviation, or what a user's
            own measure says, (K,).
        row_losses: loss of each row, (K, N).
    """

    loss: Floats
    error: Floats
    row_losses: Tensor
