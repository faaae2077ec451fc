"""Data laid out for training: padded inputs and targets side by side, so that one gather fetches a batch.

The trials of a pack may draw from several sources: one fold or another, prepared in one way or another. Their rows
are equal in number and shape and lie one source after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from practicum.core.shapes import padded
from practicum.data.dataset import Dataset
from practicum.models.network import Network


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of inputs and targets, N of each source.

    Attributes:
        values: inputs padded to the grid, then targets, shape (sources · N, I + O).
        codes: levels of looked-up columns, int64, shape (sources · N, C).
        num_inputs: I, padded; the looked-up numbers have their (empty) place in it.
        target_deviations: standard deviation of the targets of each source, by which a squared error is scaled; 1
            for classes.
    """

    values: Tensor
    codes: Tensor
    num_inputs: int
    target_deviations: tuple[float, ...]

    def __len__(self) -> int:
        """Return N."""
        return self.values.shape[0] // self.num_sources

    @property
    def num_sources(self) -> int:
        """Number of sources."""
        return len(self.target_deviations)

    def source(self, place: int) -> Rows:
        """Return a view of the rows of source number ``place``."""
        if self.num_sources == 1:
            return self
        mine = slice(place * len(self), (place + 1) * len(self))
        return Rows(self.values[mine], self.codes[mine], self.num_inputs, (self.target_deviations[place],))

    @classmethod
    def of(
        cls,
        data: Dataset | Sequence[Dataset],
        network: Network,
        dtype: torch.dtype = torch.float32,
        device: torch.device | None = None,
    ) -> Rows:
        """Lay out one source, or several, for training ``network``, on ``device`` or where they are.

        Args:
            data: of each source; equal in the number of rows, and in their inputs padded to the grid.
            network: whose inputs, looked-up columns and outputs are those of the data.
            dtype: of the values.
            device: where they shall lie.
        """
        sources = [data] if isinstance(data, Dataset) else data
        num_rows, num_inputs = len(sources[0]), padded(network.layer_sizes[0][0])
        place = sources[0].x.device if device is None else device
        shape = (len(sources) * num_rows, num_inputs + network.num_outputs)
        values = torch.zeros(shape, dtype=dtype, device=place)
        for number, source in enumerate(sources):
            mine = values[number * num_rows : (number + 1) * num_rows]
            mine[:, : source.x.shape[1]] = source.x
            mine[:, num_inputs:] = source.target
        codes = [source.codes.to(place) for source in sources]
        deviations = tuple(_deviation(source, network) for source in sources)
        return cls(values, codes[0] if len(codes) == 1 else torch.cat(codes), num_inputs, deviations)


def _deviation(data: Dataset, network: Network) -> float:
    if network.task != "regression" or not len(data):
        return 1.0
    return float(data.target.double().std(correction=0)) or 1.0
