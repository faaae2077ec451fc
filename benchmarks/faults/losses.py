"""Losses by name: PyTorch's own where they are sound, and those that people write or choose by mistake."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Maker = Callable[[str, Tensor | None, float], nn.Module]


class Written(nn.Module):
    """A loss that somebody wrote: a function of outputs and targets, an item each, then reduced."""

    def __init__(self, function: Callable[[Tensor, Tensor], Tensor], reduction: str) -> None:
        super().__init__()
        self.function, self.reduction = function, reduction

    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the reduced loss."""
        each = self.function(output, target)
        return each.sum() if self.reduction == "sum" else each.mean()


def _one_hot(output: Tensor, target: Tensor) -> Tensor:
    return F.one_hot(target, output.shape[1]).float()


def _log_of_softmax(output: Tensor, target: Tensor) -> Tensor:
    p = output.softmax(1)
    return -(_one_hot(output, target) * torch.log(p)).sum(1)


def _log_of_sigmoid(output: Tensor, target: Tensor) -> Tensor:
    p = torch.sigmoid(output)
    return -(target * torch.log(p) + (1 - target) * torch.log(1 - p))


def _class_number(output: Tensor, target: Tensor) -> Tensor:
    """Take the classes' numbers for quantities."""
    return (output.softmax(1) @ torch.arange(output.shape[1], dtype=output.dtype) - target) ** 2


def _log_of_error(output: Tensor, target: Tensor) -> Tensor:
    return torch.log((output - target).abs())


def _root_of_error(output: Tensor, target: Tensor) -> Tensor:
    """A root mean square a row, whose gradient is not finite where the error is 0."""
    return torch.sqrt(F.relu((output - target).abs() - 0.05))


LOSSES: dict[str, Maker] = {
    "cross-entropy": lambda how, weight, smooth: nn.CrossEntropyLoss(
        weight, reduction=how, label_smoothing=smooth
    ),
    "bce": lambda how, weight, _: nn.BCEWithLogitsLoss(
        reduction=how, pos_weight=None if weight is None else weight[1:] / weight[:1]
    ),
    "mse": lambda how, *_: nn.MSELoss(reduction=how),
    "huber": lambda how, *_: nn.HuberLoss(reduction=how),
    "nll": lambda how, *_: nn.NLLLoss(reduction=how),
    "l1": lambda how, *_: nn.L1Loss(reduction=how),
    "poisson": lambda how, *_: nn.PoissonNLLLoss(reduction=how),
    "plain bce": lambda how, *_: nn.BCELoss(reduction=how),
    "l1 one-hot": lambda how, *_: Written(lambda o, t: (o - _one_hot(o, t)).abs().sum(1), how),
    "class number": lambda how, *_: Written(_class_number, how),
    "hinge": lambda how, *_: nn.HingeEmbeddingLoss(reduction=how),
    "log of softmax": lambda how, *_: Written(_log_of_softmax, how),
    "log of sigmoid": lambda how, *_: Written(_log_of_sigmoid, how),
    "log of error": lambda how, *_: Written(_log_of_error, how),
    "root of error": lambda how, *_: Written(_root_of_error, how),
    "negative bce": lambda how, *_: Written(lambda o, t: -(t * o + (1 - t) * (1 - o)), how),
}
