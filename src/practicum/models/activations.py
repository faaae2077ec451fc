"""The chapter's non-linearities, each with its slope as a function of its output, so that a step needs no extra buffer.

Source: Bengio 2012, 3.2-23 (sigmoid, tanh, rectifier, hard tanh) and 6.1-06 (softsign).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

_threshold_backward = torch.ops.aten.threshold_backward.grad_input
_tanh_backward = torch.ops.aten.tanh_backward.grad_input
_sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input
_hardtanh_backward = torch.ops.aten.hardtanh_backward.grad_input


@dataclass(frozen=True, slots=True)
class Activation:
    """One non-linearity s(a).

    Attributes:
        function: s itself, out of place, for autograd.
        apply_: replaces pre-activations by activations, in place.
        backward_: multiplies a gradient by the slope, in place, given the activations: ``backward_(gradient, h)``.
        init_gain: factor on the initial range √(6/(fan-in + fan-out)) [3.2-30].
        zero_at_zero: whether s(0) = 0, so that padding units stay silent by themselves.
    """

    function: Callable[[Tensor], Tensor]
    apply_: Callable[[Tensor], Any]
    backward_: Callable[[Tensor, Tensor], Any]
    init_gain: float
    zero_at_zero: bool = True


def _tanh_(a: Tensor) -> object:
    # NumPy's is three to seven times faster and differs from PyTorch's by one unit in the last place.
    if a.device.type != "cpu":
        return a.tanh_()
    return np.tanh(a.numpy(), out=a.numpy())


def _hard_tanh_(a: Tensor) -> Tensor:
    return a.clamp_(-1, 1)


def _softsign_(a: Tensor) -> Tensor:
    return a.div_(a.abs().add_(1))


def _softsign_backward_(gradient: Tensor, h: Tensor) -> Tensor:
    # s = a/(1+|a|) has slope 1/(1+|a|)² = (1-|s|)².
    slope = h.abs().neg_().add_(1)
    return gradient.mul_(slope.mul_(slope))


ACTIVATIONS: Mapping[str, Activation] = {
    "tanh": Activation(torch.tanh, _tanh_, lambda g, h: _tanh_backward(g, h, grad_input=g), 1.0),
    # Four times the tanh range: the sigmoid's slope at 0 is 1/4 [3.2-30].
    "sigmoid": Activation(
        torch.sigmoid, Tensor.sigmoid_, lambda g, h: _sigmoid_backward(g, h, grad_input=g), 4.0, False
    ),
    # After the chapter: √2 keeps the variance through a unit that is silent half the time (He et al. 2015).
    "relu": Activation(
        torch.relu, Tensor.relu_, lambda g, h: _threshold_backward(g, h, 0, grad_input=g), 2.0**0.5
    ),
    "hard_tanh": Activation(
        F.hardtanh, _hard_tanh_, lambda g, h: _hardtanh_backward(g, h, -1, 1, grad_input=g), 1.0
    ),
    "softsign": Activation(F.softsign, _softsign_, _softsign_backward_, 1.0),
}
