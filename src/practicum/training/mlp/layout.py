"""Where the parameters of K perceptrons lie in memory: a stack whose blocks are padded to the grid.

Feature-major: a weight is (K, H, I), a batch (K, I, B), so that the long axis of every product is contiguous.
Inputs and hidden units are padded with silent units whose weights are zero and stay zero; outputs are not padded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

import torch
from torch import Tensor

from practicum.core.shapes import padded
from practicum.models.network import Network
from practicum.training.program import Role
from practicum.training.stack import Stack


class Parameters(Stack):
    """One value for every parameter of K trials.

    Args:
        network: shape of one trial.
        num_trials: K.
        dtype: of the values.
        device: where they live.
        num_inputs: numeric and one-hot inputs of each trial, equal when padded; the network's without it.

    Attributes:
        num_inputs: of each trial.
        weights: of each layer, views (K, H, I).
        biases: of each layer, views (K, H, 1).
        tables: of each looked-up column, views (K, V, size).
    """

    def __init__(
        self,
        network: Network,
        num_trials: int,
        dtype: torch.dtype,
        device: torch.device,
        num_inputs: Sequence[int] | None = None,
    ) -> None:
        self.network = network
        self.num_inputs = [network.num_inputs] * num_trials if num_inputs is None else list(num_inputs)
        sizes = network.layer_sizes
        last = len(sizes) - 1
        weights = [(h if i == last else padded(h), padded(n)) for i, (n, h) in enumerate(sizes)]
        shapes = {f"layers.{i}.weight": shape for i, shape in enumerate(weights)}
        shapes |= {f"layers.{i}.bias": (h, 1) for i, (h, _) in enumerate(weights)}
        tables = zip(network.num_levels, network.embedding_sizes, strict=True)
        shapes |= {f"embeddings.{i}.weight": shape for i, shape in enumerate(tables)}
        super().__init__(shapes, num_trials, dtype, device)
        blocks, count = list(self.blocks.values()), len(sizes)
        self.weights, self.biases = blocks[:count], blocks[count : 2 * count]
        self.tables = blocks[2 * count :]

    def _new(self, num_trials: int) -> Self:
        own = self.num_inputs if num_trials == self.num_trials else None
        return type(self)(self.network, num_trials, self.flat.dtype, self.flat.device, own)

    def select(self, keep: Tensor) -> Self:
        """Return a copy that holds only the trials at positions ``keep``."""
        chosen = super().select(keep)
        chosen.num_inputs = [self.num_inputs[k] for k in keep.tolist()]
        return chosen

    def plain(self, position: int) -> Iterator[tuple[str, Tensor]]:
        """Yield a view of each tensor of the trial at ``position``, without padding."""
        own = replace(self.network, num_inputs=self.num_inputs[position])
        for layer, (fan_in, fan_out) in enumerate(own.layer_sizes):
            yield f"layers.{layer}.weight", self.weights[layer][position, :fan_out, :fan_in]
            yield f"layers.{layer}.bias", self.biases[layer][position, :fan_out, 0]
        for column, table in enumerate(self.tables):
            yield f"embeddings.{column}.weight", table[position]

    @property
    def roles(self) -> dict[str, Role]:
        """What each block is; an embedding is part of the first layer."""
        found = {}
        for name in self.blocks:
            kind, index, part = name.split(".")
            if kind == "embeddings":
                found[name] = Role(0, "embedding")
            else:
                found[name] = Role(int(index), "weight" if part == "weight" else "bias")
        return found
