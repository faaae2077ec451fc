"""Tensors of K trials by name: one flat buffer, and a view (K, …) of it for each name.

Holds parameters and whatever has their shape: gradients, an update rule's state, averages, the best so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Self

import torch
from torch import Tensor

from practicum.core.shapes import padded

Shape = tuple[int, ...]


class Stack:
    """One value for every number of K trials.

    Args:
        shapes: of one trial's tensors, by name.
        num_trials: K.
        dtype: of the values.
        device: where they live.

    Attributes:
        flat: all values, one axis; zeros at first.
        blocks: a view (K, *shape) for each name, in the order of ``shapes``.

    Example:
        >>> stack = Stack({"weight": (2, 3), "bias": (2,)}, 4, torch.float32, torch.device("cpu"))
        >>> stack.blocks["weight"].shape
        torch.Size([4, 2, 3])
    """

    def __init__(
        self, shapes: Mapping[str, Shape], num_trials: int, dtype: torch.dtype, device: torch.device
    ) -> None:
        self.shapes, self.num_trials = dict(shapes), num_trials
        # Each block starts on a cache line of its own: 16 numbers of 4 bytes.
        lengths = [padded(num_trials * prod(shape)) for shape in self.shapes.values()]
        self.flat = torch.zeros(sum(lengths), dtype=dtype, device=device)
        self.blocks = {
            name: piece[: num_trials * prod(shape)].view(num_trials, *shape)
            for (name, shape), piece in zip(
                self.shapes.items(), torch.split(self.flat, lengths) if lengths else (), strict=True
            )
        }

    def like(self, num_trials: int | None = None) -> Self:
        """Return zeros of the same shape, or of the same shape for another number of trials."""
        count = self.num_trials if num_trials is None else num_trials
        return self._new(count)

    def _new(self, num_trials: int) -> Self:
        return type(self)(self.shapes, num_trials, self.flat.dtype, self.flat.device)

    def copy(self) -> Self:
        """Return a copy of all trials."""
        other = self.like()
        other.flat.copy_(self.flat)
        return other

    def select(self, keep: Tensor) -> Self:
        """Return a copy that holds only the trials at positions ``keep``."""
        chosen = self.like(len(keep))
        for mine, theirs in zip(chosen.blocks.values(), self.blocks.values(), strict=True):
            torch.index_select(theirs, 0, keep, out=mine)
        return chosen

    def copy_trials_(self, other: Self, which: Tensor) -> None:
        """Overwrite the trials at positions ``which`` by those of ``other``."""
        for mine, theirs in zip(self.blocks.values(), other.blocks.values(), strict=True):
            mine.index_copy_(0, which, theirs.index_select(0, which))

    def put(self, position: int, values: Mapping[str, Tensor]) -> None:
        """Set the trial at ``position`` from plain values by name."""
        for name, view in self.plain(position):
            view.copy_(values[name].to(view.dtype))

    def get(self, position: int) -> dict[str, Tensor]:
        """Return a copy of the plain values of the trial at ``position``, by name."""
        return {name: view.clone() for name, view in self.plain(position)}

    def plain(self, position: int) -> Iterator[tuple[str, Tensor]]:
        """Yield a view of each tensor of the trial at ``position``, as its plain module has it."""
        for name, block in self.blocks.items():
            yield name, block[position]
