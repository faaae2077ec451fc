"""Which rows make the next minibatches: a stream of epochs, cut into batches of equal size.

Batches run across the border of two epochs, so every batch is full, every row is seen once an epoch, and every
buffer keeps its shape. Source: Bengio 2012, 2.1-10.
NOTE[DIFF]: the chapter speaks of a last, smaller batch (3.2-07); with the stream there is none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from practicum.core.seeds import stream


class Order:
    """The order of examples of one seed.

    Args:
        num_rows: training rows N.
        batch_size: rows of a minibatch B.
        seed: names the stream; trials of one seed see the same minibatches.
        mode: "reshuffle" (a new order each epoch), "shuffle_once" or "fixed" (as the data lie).

    Example:
        >>> Order(4, 3, seed=0, mode="fixed").batches(0, 3).tolist()
        [[0, 1, 2], [3, 0, 1], [2, 3, 0]]
    """

    def __init__(self, num_rows: int, batch_size: int, seed: int, mode: str) -> None:
        self.num_rows, self.batch_size, self.seed, self.mode = num_rows, batch_size, seed, mode
        self._epoch, self._rows = -1, np.empty(0, dtype=np.int64)

    def batches(self, start_step: int, num_steps: int) -> Tensor:
        """Return the rows of ``num_steps`` batches from update ``start_step`` (counted from 0) on.

        Returns:
            Row numbers, int64, shape (num_steps, B).
        """
        first, end = start_step * self.batch_size, (start_step + num_steps) * self.batch_size
        pieces = []
        while first < end:
            epoch, offset = divmod(first, self.num_rows)
            piece = self._epoch_rows(epoch)[offset : offset + end - first]
            pieces.append(piece)
            first += len(piece)
        return torch.from_numpy(np.concatenate(pieces)).view(num_steps, self.batch_size)

    def _epoch_rows(self, epoch: int) -> npt.NDArray[np.int64]:
        wanted = epoch if self.mode == "reshuffle" else 0
        if self._epoch != wanted:
            if self.mode == "fixed":
                self._rows = np.arange(self.num_rows)
            else:
                self._rows = stream(self.seed, "order", wanted).permutation(self.num_rows)
            self._epoch = wanted
        return self._rows
