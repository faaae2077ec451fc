"""A data set laid out for training: padded inputs and targets side by side, so that one gather fetches a batch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from practicum.core.shapes import padded
from practicum.data.dataset import Dataset
from practicum.models.network import Network


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of inputs and targets.

    Attributes:
        values: inputs padded to the grid, then targets, shape (N, I + O).
        codes: levels of looked-up columns, int64, shape (N, C).
        num_inputs: I, padded; the looked-up numbers have their (empty) place in it.
        target_deviation: standard deviation of the targets, by which a squared error is scaled; 1 for classes.
    """

    values: Tensor
    codes: Tensor
    num_inputs: int
    target_deviation: float

    def __len__(self) -> int:
        """Return N."""
        return self.values.shape[0]

    @classmethod
    def of(
        cls,
        data: Dataset,
        network: Network,
        dtype: torch.dtype = torch.float32,
        device: torch.device | None = None,
    ) -> Rows:
        """Lay out ``data`` for training ``network``, on ``device`` or where they are."""
        num_inputs = padded(network.layer_sizes[0][0])
        place = data.x.device if device is None else device
        values = torch.zeros(len(data), num_inputs + network.num_outputs, dtype=dtype, device=place)
        values[:, : network.num_inputs] = data.x
        values[:, num_inputs:] = data.target
        deviation = 1.0
        if network.task == "regression" and len(data):
            deviation = float(data.target.double().std(correction=0)) or 1.0
        return cls(values, data.codes.to(place), num_inputs, deviation)
