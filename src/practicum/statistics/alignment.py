"""Whether two gradients that follow each other point the same way."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from practicum.statistics.statistic import Statistic


def alignment(first_KP: Tensor, second_KP: Tensor) -> Tensor:
    """Return the cosine between two gradients, (K,); 0 where one of them is zero.

    Near 0 in noise, near 1 where minibatches agree, below 0 where steps jump across a valley [O3].

    Example:
        >>> alignment(torch.tensor([[1.0, 0.0]]), torch.tensor([[-2.0, 0.0]]))
        tensor([-1.])
    """
    return torch.nn.functional.cosine_similarity(first_KP, second_KP, dim=1)


def alignment_of(inner: float, first_square: float, second_square: float) -> float:
    """Return the cosine by the inner product of the gradients and the square of each; 0 where one of them is zero.

    Example:
        >>> alignment_of(-2.0, 1.0, 4.0)
        -1.0
    """
    lengths = math.sqrt(first_square * second_square)
    return inner / lengths if lengths > 0 else 0.0


ALIGNMENT = Statistic("alignment", "pair", "cosine", alignment, "fault-O3")
