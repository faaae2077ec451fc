"""The nets of `packs.py` as PyTorch modules written for one trial, and random data for them."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from packs_cells import NUM_TRAIN, NUM_VALID, Net

DROPOUT = 0.2
CLIP_NORM = 1.0
L2_PENALTY = L1_PENALTY = 0.1
"""Of the total loss; the mean loss gets a part in NUM_TRAIN."""

NUM_TOKENS, NUM_TIMES, WIDTH = 16, 12, 32


def rows(net: Net) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return inputs and labels to train on, and inputs and labels to validate on."""
    generator = torch.Generator().manual_seed(0)
    count, size = NUM_TRAIN + NUM_VALID, net.sizes[0]
    if net.kind == "attention":
        x = torch.randint(0, size, (count, NUM_TOKENS), generator=generator)
    else:
        shape = {"conv": (1, 28, 28), "recurrent": (NUM_TIMES, size)}.get(net.kind, (size,))
        x = torch.randn(count, *shape, generator=generator)
    y = torch.randint(0, net.sizes[-1], (count,), generator=generator)
    return x[:NUM_TRAIN], y[:NUM_TRAIN], x[NUM_TRAIN:], y[NUM_TRAIN:]


def build(net: Net) -> nn.Module:
    """Return one untrained trial."""
    if net.kind == "mlp":
        return _mlp(net)
    num_inputs, num_classes = net.sizes
    return {"conv": Conv, "residual": Residual, "recurrent": Recurrent, "attention": Attention}[net.kind](
        num_inputs, num_classes
    )


def _mlp(net: Net) -> nn.Sequential:
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(net.sizes):
        layers += [nn.Linear(fan_in, fan_out), {"relu": nn.ReLU, "tanh": nn.Tanh}[net.activation]()]
        layers += [nn.Dropout(DROPOUT)] * net.extras
    return nn.Sequential(*layers[: -1 - net.extras])


class Conv(nn.Module):
    """Two blocks of convolution and pooling."""

    def __init__(self, _: int, num_classes: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
        self.out = nn.Linear(16 * 7 * 7, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # noqa: D102
        x = F.max_pool2d(F.relu(self.first(x)), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        return self.out(x.flatten(1))


class Residual(nn.Module):
    """Two residual blocks with LayerNorm."""

    def __init__(self, num_inputs: int, num_classes: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(num_inputs) for _ in range(2)])
        self.wide = nn.ModuleList([nn.Linear(num_inputs, 2 * num_inputs) for _ in range(2)])
        self.narrow = nn.ModuleList([nn.Linear(2 * num_inputs, num_inputs) for _ in range(2)])
        self.out = nn.Linear(num_inputs, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # noqa: D102
        for norm, wide, narrow in zip(self.norms, self.wide, self.narrow, strict=True):
            x = x + narrow(F.relu(wide(norm(x))))
        return self.out(x)


class Recurrent(nn.Module):
    """A gated recurrent unit in plain operations."""

    def __init__(self, num_inputs: int, num_classes: int) -> None:
        super().__init__()
        self.gates = nn.Linear(num_inputs + WIDTH, 2 * WIDTH)
        self.candidate = nn.Linear(num_inputs + WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, num_classes)

    def forward(self, x: Tensor) -> Tensor:  # noqa: D102
        h = x.new_zeros(x.shape[0], WIDTH)
        for x_t in x.unbind(1):
            reset, update = torch.sigmoid(self.gates(torch.cat([x_t, h], 1))).chunk(2, 1)
            candidate = torch.tanh(self.candidate(torch.cat([x_t, reset * h], 1)))
            h = h + update * (candidate - h)
        return self.out(h)


class Attention(nn.Module):
    """Embedding, one head of attention over the sequence, mean, classes."""

    def __init__(self, num_symbols: int, num_classes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, WIDTH)
        self.mixed, self.after = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, num_classes)

    def forward(self, codes: Tensor) -> Tensor:  # noqa: D102
        x = self.embedding(codes)
        query, key, value = self.mixed(x).chunk(3, -1)
        x = x + self.after(F.scaled_dot_product_attention(query, key, value))
        return self.out(F.relu(x).mean(1))
