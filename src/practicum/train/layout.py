"""Where the parameters of K trials lie in memory: one flat buffer, a view for each layer, padded to the grid.

Feature-major: a weight is (K, H, I), a batch (K, I, B), so that the long axis of every product is contiguous.
Inputs and hidden units are padded with silent units whose weights are zero and stay zero; outputs are not padded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Self

import torch
from torch import Tensor

from practicum.core.shapes import padded
from practicum.models.network import Network


class Parameters:
    """One value for every parameter of K trials.

    Also used for whatever has the parameters' shape: running gradients, averages, best weights.

    Args:
        network: shape of one trial.
        num_trials: K.
        dtype: of the values.
        device: where they live.

    Attributes:
        flat: all values, one axis.
        weights: of each layer, views (K, H, I).
        biases: of each layer, views (K, H, 1).
        tables: of each looked-up column, views (K, V, size).
    """

    def __init__(self, network: Network, num_trials: int, dtype: torch.dtype, device: torch.device) -> None:
        self.network, self.num_trials = network, num_trials
        sizes = network.layer_sizes
        last = len(sizes) - 1
        weight_shapes = [(h if i == last else padded(h), padded(n)) for i, (n, h) in enumerate(sizes)]
        table_shapes = list(zip(network.num_levels, network.embedding_sizes, strict=True))
        shapes = weight_shapes + [(h, 1) for h, _ in weight_shapes] + table_shapes
        # Each block starts on a cache line of its own: 16 numbers of 4 bytes.
        lengths = [padded(num_trials * prod(shape)) for shape in shapes]
        self.flat = torch.zeros(sum(lengths), dtype=dtype, device=device)
        blocks = [
            block[: num_trials * prod(shape)].view(num_trials, *shape)
            for block, shape in zip(torch.split(self.flat, lengths), shapes, strict=True)
        ]
        count = len(sizes)
        self.weights, self.biases, self.tables = (
            blocks[:count],
            blocks[count : 2 * count],
            blocks[2 * count :],
        )

    def blocks(self) -> Iterator[Tensor]:
        """Yield every view, the trial axis first."""
        yield from self.weights
        yield from self.biases
        yield from self.tables

    def like(self, num_trials: int | None = None) -> Self:
        """Return zeros of the same shape, or of the same shape for another number of trials."""
        count = self.num_trials if num_trials is None else num_trials
        return type(self)(self.network, count, self.flat.dtype, self.flat.device)

    def select(self, keep: Tensor) -> Self:
        """Return a copy that holds only the trials at positions ``keep``."""
        chosen = self.like(len(keep))
        for mine, theirs in zip(chosen.blocks(), self.blocks(), strict=True):
            mine.copy_(theirs[keep])
        return chosen

    def copy_trials_(self, other: Self, which: Tensor) -> None:
        """Overwrite the trials at positions ``which`` by those of ``other``."""
        for mine, theirs in zip(self.blocks(), other.blocks(), strict=True):
            mine.index_copy_(0, which, theirs.index_select(0, which))

    def put(self, position: int, values: Mapping[str, Tensor]) -> None:
        """Set the trial at ``position`` from plain values, named as in :class:`practicum.models.mlp.MLP`."""
        for name, view in self._plain(position):
            view.copy_(values[name].to(view.dtype))

    def get(self, position: int) -> dict[str, Tensor]:
        """Return a copy of the plain values of the trial at ``position``, without padding."""
        return {name: view.clone() for name, view in self._plain(position)}

    def _plain(self, position: int) -> Iterator[tuple[str, Tensor]]:
        for layer, (fan_in, fan_out) in enumerate(self.network.layer_sizes):
            yield f"layers.{layer}.weight", self.weights[layer][position, :fan_out, :fan_in]
            yield f"layers.{layer}.bias", self.biases[layer][position, :fan_out, 0]
        for column, table in enumerate(self.tables):
            yield f"embeddings.{column}.weight", table[position]
