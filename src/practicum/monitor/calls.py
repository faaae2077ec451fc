"""Listens to one forward pass: every operation of weights, norm and non-linearity, in modules and bare functions alike.

Modules alone would miss ``F.relu(x)``. A mode of PyTorch sees every function that tensors are given to; it is on
during one forward pass and hands every result on as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

KINDS: Mapping[Any, str] = {
    F.linear: "linear",
    torch.conv1d: "convolution",
    torch.conv2d: "convolution",
    torch.conv3d: "convolution",
    F.batch_norm: "norm",
    F.layer_norm: "norm",
    F.group_norm: "norm",
    F.instance_norm: "norm",
    F.relu: "relu",
    F.relu6: "relu",
    F.relu_: "relu",
    torch.relu: "relu",
    torch.relu_: "relu",
    Tensor.relu: "relu",
    Tensor.relu_: "relu",
    F.leaky_relu: "leaky_relu",
    F.leaky_relu_: "leaky_relu",
    F.elu: "elu",
    F.selu: "selu",
    F.celu: "elu",
    F.prelu: "prelu",
    F.gelu: "gelu",
    F.silu: "silu",
    F.mish: "silu",
    F.softplus: "softplus",
    F.hardtanh: "hardtanh",
    F.tanh: "tanh",
    torch.tanh: "tanh",
    Tensor.tanh: "tanh",
    F.sigmoid: "sigmoid",
    torch.sigmoid: "sigmoid",
    Tensor.sigmoid: "sigmoid",
    F.softmax: "softmax",
    torch.softmax: "softmax",
    Tensor.softmax: "softmax",
    F.log_softmax: "log_softmax",
    torch.log_softmax: "log_softmax",
    Tensor.log_softmax: "log_softmax",
    F.dropout: "dropout",
    F.embedding: "embedding",
}
"""Functions that are listened to, and what they are."""

NON_LINEAR = frozenset(KINDS.values()) - {"linear", "convolution", "norm", "dropout", "embedding"}
RECTIFIERS = frozenset({"relu"})
SQUASHERS = frozenset({"tanh", "sigmoid"})

Heard = Callable[[str, tuple[Any, ...], Mapping[str, Any], Tensor], None]


class Calls(TorchFunctionMode):
    """Calls ``heard(kind, arguments, named, result)`` for every function of :data:`KINDS`.

    Example:
        >>> kinds = []
        >>> with Calls(lambda kind, *_: kinds.append(kind)):
        ...     _ = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())(torch.ones(1, 2))
        >>> kinds
        ['linear', 'relu']
    """

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self._heard = heard

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Compute what was asked, tell of it, and return it as it is."""
        named = kwargs or {}
        if (
            torch.compiler.is_compiling()
        ):  # a compiled function in the pass: it is traced, and must be as ever
            return func(*args, **named)
        result = func(*args, **named)
        kind = KINDS.get(func)
        if kind is not None and isinstance(result, Tensor):
            self._heard(kind, args, named, result)
        return result
