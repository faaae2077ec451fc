"""Noise for K trials at one update: a function of each trial's seed, of the purpose and of the update alone.

Trials of one seed see the same noise (a fairer comparison, and drawn once); what differs between them is how it is
used: a threshold, a scale. Sixteen random bits an element are enough for a mask, and quick to draw.
Source: Bengio 2012, 3.2-34 (a seeded stream for each source of randomness), 1.2-04..06 (corruption).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
import torch
from torch import Tensor

from practicum.core.seeds import stream

LEVELS = 1 << 16


class Noise:
    """The noise of one purpose for K trials.

    Args:
        seeds: of the K trials.
        purpose: names the streams, e.g. ``"dropout/0"``.
        shape: of one trial's noise.
        like: gives the dtype and the device of what is returned.

    Example:
        >>> noise = Noise([0, 0, 1], "dropout/0", (4,), torch.zeros(1))
        >>> mask = noise.kept(7, torch.tensor([0.0, 0.5, 0.5]))
        >>> mask.shape, mask[0].tolist()
        (torch.Size([3, 4]), [1.0, 1.0, 1.0, 1.0])
    """

    def __init__(self, seeds: Sequence[int], purpose: str, shape: Sequence[int], like: Tensor) -> None:
        self.shape, self._like = tuple(shape), like
        distinct = list(dict.fromkeys(seeds))
        self._streams = [stream(seed, purpose) for seed in distinct]
        self._starts = [one.bit_generator.state for one in self._streams]
        self._place = torch.tensor([distinct.index(seed) for seed in seeds], device=like.device)
        self._size = prod(self.shape)
        words = -(-self._size // 4)
        self._bits = np.empty((len(distinct), words), dtype=np.uint64)
        self._rate_K: Tensor | None = None
        self._threshold = self._scale = torch.empty(0)

    def kept(self, step: int, rate_K: Tensor) -> Tensor:
        """Return masks that are 0 with probability ``rate_K`` and 1/(1 − rate) elsewhere, (K, *shape).

        ``rate_K`` must not be changed afterwards: what follows from it is kept.
        """
        kept = self.uniform_at_least(step, rate_K)
        return kept * self._scale

    def uniform_at_least(self, step: int, rate_K: Tensor) -> Tensor:
        """Return where a uniform number in [0, 1) is at least ``rate_K``, bool, (K, *shape)."""
        if rate_K is not self._rate_K:  # most are asked for again and again
            self._rate_K, rate = rate_K, rate_K.to(self._like)
            threshold_K = (rate.double() * LEVELS).round_().sub_(LEVELS // 2).clamp_(max=LEVELS // 2 - 1)
            self._threshold, self._scale = self._column(threshold_K.short()), self._column(1 / (1 - rate))
        return self._spread(self._draw_bits(step)) >= self._threshold

    def normal(self, step: int) -> Tensor:
        """Return standard normal numbers, (K, *shape)."""
        self._wind(step)
        drawn = np.stack([one.standard_normal(self._size, dtype=np.float32) for one in self._streams])
        return self._spread(torch.from_numpy(drawn).view(-1, *self.shape)).to(self._like)

    def _draw_bits(self, step: int) -> Tensor:
        """Return sixteen random bits an element, as signed integers, (distinct seeds, *shape)."""
        self._wind(step)
        for row, one in zip(self._bits, self._streams, strict=True):
            row[:] = one.bit_generator.random_raw(row.size)
        return torch.from_numpy(self._bits.view(np.int16))[:, : self._size].view(-1, *self.shape)

    def _wind(self, step: int) -> None:
        """Put every stream at the beginning of update ``step``."""
        for one, start in zip(self._streams, self._starts, strict=True):
            start["state"]["counter"][:] = (0, 0, step, 0)
            one.bit_generator.state = start

    def _spread(self, drawn: Tensor) -> Tensor:
        """Give each trial the noise of its seed: (distinct seeds, …) to (K, …)."""
        drawn = drawn.to(self._like.device)
        if len(drawn) == 1:
            return drawn.expand(len(self._place), *self.shape)
        return drawn.index_select(0, self._place)

    def _column(self, values_K: Tensor) -> Tensor:
        return values_K.view(-1, *[1] * len(self.shape))
