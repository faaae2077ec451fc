"""Small networks from a description: MLP, CNN, 1-D convolution and GRU, with what can go wrong in them.

Every part is one that users write: `nn.Sequential` of layers, norms and activations, and a head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "gelu": nn.GELU,
    "leaky": nn.LeakyReLU,
    "sigmoid": nn.Sigmoid,
    "silu": nn.SiLU,
    "elu": nn.ELU,
}


@dataclass(frozen=True)
class Net:
    """A network.

    Attributes:
        kind: "mlp", "cnn" (images B, C, H, W), "conv1d" (B, C, T), "gru" (whole numbers B, T; a label a place).
        init: "torch" (as PyTorch does), "he", "glorot", "zeros", "constant".
        gain: factor on the weights of the hidden layers after `init`.
        hidden_bias: of the hidden layers, where not 0.
        head_gain, head_bias: factor and offset of the last layer.
        output: "none", "softmax", "sigmoid", "log-softmax", "relu" or "tanh" after the last layer.
        defect: "spare layer", "cut" (detached half-way), "listed" (layers in a plain list), "view", "wrong sign",
            "half gradient", "root" or "log" (of what can be 0).
    """

    kind: str
    num_inputs: int
    num_outputs: int
    hidden_sizes: tuple[int, ...] = (64, 64)
    activation: str = "relu"
    norm: str = "none"  # "batch", "layer"
    dropout: float = 0.0
    residual: bool = False
    input_norm: bool = False
    init: str = "torch"
    gain: float = 1.0
    hidden_bias: float = 0.0
    head_gain: float = 1.0
    head_bias: float = 0.0
    output: str = "none"
    defect: str = ""

    def with_(self, **changes: Any) -> Net:
        """Return it with changes."""
        return replace(self, **changes)


class WrongGradient(torch.autograd.Function):
    """The identity, with a backward that somebody got wrong."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, factor: float) -> Tensor:
        """Return the input."""
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        """Return the wrong gradient: some of it with another sign, or smaller."""
        wrong = gradients[0].clone()
        wrong[..., ::2] = wrong[..., ::2] * ctx.factor
        return wrong, None


class Defect(nn.Module):
    """A mistake between two layers."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, x: Tensor) -> Tensor:
        """Return what comes in, more or less."""
        if self.kind == "cut":
            return x.detach()
        if self.kind == "view":
            return x.reshape(x.shape[1], x.shape[0], *x.shape[2:]).transpose(0, 1)
        if self.kind == "wrong sign":
            return WrongGradient.apply(x, -1.0)
        if self.kind == "half gradient":  # of every other unit it is forgotten
            return WrongGradient.apply(x, 0.0)
        if self.kind == "root":
            return torch.sqrt(torch.relu(x))
        if self.kind == "log":
            return torch.log(torch.relu(x))
        return x


class Listed(nn.Module):
    """Layers in a plain list: neither `parameters()` nor `train()` knows them."""

    def __init__(self, parts: list[nn.Module]) -> None:
        super().__init__()
        self.parts = list(parts)

    def forward(self, x: Tensor) -> Tensor:
        """Apply one after the other."""
        for part in self.parts:
            x = part(x)
        return x


class Residual(nn.Module):
    """A block that adds its input."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        """Return input and block, added."""
        return x + self.block(x)


class Network(nn.Module):
    """Body, head, and what comes after it."""

    def __init__(self, body: nn.Module, head: nn.Module, output: nn.Module | None) -> None:
        super().__init__()
        self.body, self.head = body, head
        self.output = output if output is not None else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Return logits or numbers."""
        return self.output(self.head(self.body(x)))


class Tagger(nn.Module):
    """Embedding, GRU and a head that labels each place: (B, T) to (B, K, T)."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        width = net.hidden_sizes[-1]
        self.embedding = nn.Embedding(net.num_inputs, net.hidden_sizes[0])
        self.gru = nn.GRU(net.hidden_sizes[0], width, batch_first=True)
        self.drop = nn.Dropout(net.dropout) if net.dropout else nn.Identity()
        self.middle = Defect(net.defect) if net.defect else nn.Identity()
        self.head = nn.Linear(width, net.num_outputs)
        self.output = _output(net, axis=1) or nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, (B, K, T)."""
        states, _ = self.gru(self.embedding(x))
        return self.output(self.head(self.middle(self.drop(states))).transpose(1, 2))


def _output(net: Net, axis: int = 1) -> nn.Module | None:
    made: dict[str, nn.Module] = {
        "softmax": nn.Softmax(axis),
        "log-softmax": nn.LogSoftmax(axis),
        "sigmoid": nn.Sigmoid(),
        "relu": nn.ReLU(),
        "tanh": nn.Tanh(),
    }
    return made.get(net.output)


def _norm(net: Net, width: int) -> list[nn.Module]:
    if net.norm == "batch":
        return [{"cnn": nn.BatchNorm2d, "conv1d": nn.BatchNorm1d}.get(net.kind, nn.BatchNorm1d)(width)]
    if net.norm == "layer":
        return [nn.LayerNorm(width) if net.kind == "mlp" else nn.GroupNorm(1, width)]
    return []


def _layer(net: Net, fan_in: int, width: int, position: int) -> list[nn.Module]:
    """Return layer, norm, activation and dropout."""
    if net.kind == "mlp":
        linear: nn.Module = nn.Linear(fan_in, width)
    elif net.kind == "cnn":
        linear = nn.Conv2d(fan_in, width, 3, padding=1)
    else:
        linear = nn.Conv1d(fan_in, width, 5, padding=2)
    parts = [linear, *_norm(net, width)]
    if net.activation in ACTIVATIONS:
        parts.append(ACTIVATIONS[net.activation]())
    if net.kind == "cnn" and position < 2:
        parts.append(nn.MaxPool2d(2))
    if net.kind == "conv1d":
        parts.append(nn.MaxPool1d(2))
    if net.dropout:
        parts.append(nn.Dropout(net.dropout))
    return parts


def build(net: Net) -> nn.Module:
    """Return the network, drawn from PyTorch's generator."""
    if net.kind == "gru":
        model: nn.Module = Tagger(net)
        _initialise(model, net)
        return model
    fan_in, parts = net.num_inputs, []
    if net.input_norm:
        parts.append(nn.BatchNorm1d(fan_in))
    middle = len(net.hidden_sizes) // 2
    for position, width in enumerate(net.hidden_sizes):
        if net.defect in DEFECTS and position == middle and position:
            parts.append(Defect(net.defect))
        layer = _layer(net, fan_in, width, position)
        keeps = fan_in == width and net.residual and net.kind == "mlp"
        parts += [Residual(nn.Sequential(*layer))] if keeps else layer
        fan_in = width
    if net.defect in DEFECTS and middle == 0:
        parts.append(Defect(net.defect))
    if net.kind != "mlp":
        parts += [nn.AdaptiveAvgPool2d(2) if net.kind == "cnn" else nn.AdaptiveAvgPool1d(2), nn.Flatten()]
        fan_in *= 4 if net.kind == "cnn" else 2
    body: nn.Module = Listed(parts) if net.defect == "listed" else nn.Sequential(*parts)
    model = Network(body, nn.Linear(fan_in, net.num_outputs), _output(net))
    if net.defect == "spare layer":
        model.spare = nn.Linear(fan_in, fan_in)
    _initialise(model, net)
    return model


DEFECTS = ("cut", "view", "wrong sign", "half gradient", "root", "log")


def layers(model: nn.Module) -> list[nn.Module]:
    """Return the layers that have a weight matrix, the head last; of a GRU, GRU and head."""
    kinds = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.GRU, nn.Embedding)
    spare = getattr(model, "spare", None)
    return [one for one in model.modules() if isinstance(one, kinds) and one is not spare]


@torch.no_grad()
def _initialise(model: nn.Module, net: Net) -> None:
    """Draw weights as the description says."""
    found = layers(model)
    for layer in found:
        last = layer is found[-1]
        matrices = [one for name, one in layer.named_parameters() if "weight" in name]
        biases = [one for name, one in layer.named_parameters() if "bias" in name]
        for weight in matrices:
            fan_in = weight[0].numel()
            if net.init == "he" and not last and not isinstance(layer, nn.Embedding | nn.GRU):
                weight.normal_(0, math.sqrt((1 if net.activation == "tanh" else 2) / fan_in))
            elif net.init == "glorot":
                nn.init.xavier_uniform_(weight)
            elif net.init == "zeros":
                weight.zero_()
            elif net.init == "constant":
                weight.fill_(0.5 / math.sqrt(fan_in))
            weight.mul_(net.head_gain if last else net.gain)
        for bias in biases:
            if net.init in ("he", "glorot", "zeros", "constant"):
                bias.zero_()
            if last:
                bias[: max(1, len(bias) // 3)] += net.head_bias
            elif net.hidden_bias:
                bias.fill_(net.hidden_bias)
