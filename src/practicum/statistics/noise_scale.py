"""The gradient noise scale, from two minibatches that follow each other: no gradient of single examples is needed."""

from __future__ import annotations

from typing import TypeVar

from torch import Tensor

from practicum.statistics.statistic import Statistic

Value = TypeVar("Value", float, Tensor)


def noise_parts(first_KP: Tensor, second_KP: Tensor) -> tuple[Tensor, Tensor]:
    """Return signal and noise of two gradients of nearly the same weights: |G|² and the variance of one, (K,) each.

    The inner product of two independent gradients has |G|² as its mean, and half the squares of both |G|² and the
    variance. Single pairs are noisy and the first may be below zero: average both parts over pairs before dividing.
    The noise scale of McCandlish et al. 2018, in examples, is batch size × noise / signal.

    Source:
        McCandlish et al. 2018, appendix A; NOTE[DIFF]: two minibatches of one size instead of one small and one
        large. Faults O7 and O8.

    Example:
        >>> import torch
        >>> noise_parts(torch.tensor([[1.0, 1.0]]), torch.tensor([[1.0, -1.0]]))
        (tensor([0.]), tensor([2.]))
    """
    inner = (first_KP * second_KP).sum(1)
    return noise_of(inner, first_KP.square().sum(1), second_KP.square().sum(1))


def noise_of(inner: Value, first_square: Value, second_square: Value) -> tuple[Value, Value]:
    """Return signal and noise by the inner product of the gradients and the square of each.

    Example:
        >>> noise_of(0.0, 2.0, 2.0)
        (0.0, 2.0)
    """
    return inner, (first_square + second_square) / 2 - inner


NOISE = Statistic("gradient signal and noise", "pair", "squared gradient", noise_parts, "fault-O8")
