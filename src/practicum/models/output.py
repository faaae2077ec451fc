"""Output units paired with their loss, so that the slope of the loss is always prediction − target [3.2-26].

Everything works on logits, in the log domain, and stays finite for logits of ±1e4 [2.2-07].
Source: Bengio 2012, 3.2-26: linear + ½ squared error, sigmoid + cross-entropy, softmax + −log likelihood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True, slots=True)
class OutputUnit:
    """An output unit and its loss. Axis 1 of every argument is the outputs, O.

    Attributes:
        name: "softmax", "sigmoid" or "linear".
        predict: logits to predictions, out of place: ``predict(logits, out)``.
        row_losses: loss of each example, summed over outputs: ``row_losses(logits, target)``, axis 1 gone.
        row_errors: 1.0 where misclassified, or the squared error: ``row_errors(logits, target)``, axis 1 gone.
    """

    name: str
    predict: Callable[[Tensor, Tensor], Tensor]
    row_losses: Callable[[Tensor, Tensor], Tensor]
    row_errors: Callable[[Tensor, Tensor], Tensor]


def _softmax(logits: Tensor, out: Tensor) -> Tensor:
    return torch.softmax(logits, 1, out=out)


def _softmax_losses(logits: Tensor, target: Tensor) -> Tensor:
    return torch.logsumexp(logits, 1) - (logits * target).sum(1)


def _softmax_errors(logits: Tensor, target: Tensor) -> Tensor:
    # Right only if the target's logit alone is the largest: ties and NaN are wrong. (argmax is 30 times slower.)
    at_target = (logits * target).sum(1, keepdim=True)
    return ((logits >= at_target).sum(1) != 1).to(logits.dtype)


# `torch.sigmoid` and `softplus` round the end of an array otherwise than its middle, so that a trial's bits would
# depend on its neighbours; `exp` and `logsigmoid` do not.
def _sigmoid(logits: Tensor, out: Tensor) -> Tensor:
    return torch.neg(logits, out=out).exp_().add_(1).reciprocal_()


def _sigmoid_losses(logits: Tensor, target: Tensor) -> Tensor:
    return (-F.logsigmoid(-logits) - logits * target).sum(1)


def _sigmoid_errors(logits: Tensor, target: Tensor) -> Tensor:
    wrong = (logits > 0) != (target > 0.5)
    return (wrong | logits.isnan()).any(1).to(logits.dtype)


def _linear(logits: Tensor, out: Tensor) -> Tensor:
    return out.copy_(logits)


def _squared(logits: Tensor, target: Tensor) -> Tensor:
    return (logits - target).square_().sum(1)


def _half_squared(logits: Tensor, target: Tensor) -> Tensor:
    return _squared(logits, target).mul_(0.5)


SOFTMAX = OutputUnit("softmax", _softmax, _softmax_losses, _softmax_errors)
SIGMOID = OutputUnit("sigmoid", _sigmoid, _sigmoid_losses, _sigmoid_errors)
LINEAR = OutputUnit("linear", _linear, _half_squared, _squared)

OUTPUT_UNITS: Mapping[str, OutputUnit] = {"multiclass": SOFTMAX, "binary": SIGMOID, "regression": LINEAR}
