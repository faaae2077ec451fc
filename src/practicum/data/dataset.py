"""One prepared data set as tensors: what data hands to training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

Task = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows ready for training, on one device; they stay there and are indexed.

    Attributes:
        x: numeric and one-hot inputs, float32, shape (N, I).
        codes: level of each column that is looked up in an embedding, int64, shape (N, C); C is often 0.
            Level 0 is "unseen in training".
        target: what the output units should say, float32, shape (N, O): one-hot rows (multiclass, O = classes),
            0 or 1 (binary, O = 1), standardised values (regression, O = 1).
        num_levels: levels of each looked-up column, "unseen" counted, length C.
    """

    x: Tensor
    codes: Tensor
    target: Tensor
    num_levels: tuple[int, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.x.shape[0]
