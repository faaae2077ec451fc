"""The forward pass of K trials over one batch, in kept buffers."""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.models.activations import ACTIVATIONS
from practicum.models.network import Network
from practicum.train.layout import Parameters
from practicum.train.rows import Rows


class Forward:
    """Buffers for one batch size, and the pass that fills them.

    Args:
        network: shape of one trial.
        parameters: of the K trials; read at every pass.
        batch_size: B.
        shared: whether all trials see the same rows.

    Attributes:
        inputs: what each layer receives, (K, I, B); the first is the batch itself.
        outputs: what each layer gives, (K, H, B); the last are the logits (K, O, B).
        target: of the present batch, (K, O, B).
    """

    def __init__(self, network: Network, parameters: Parameters, batch_size: int, *, shared: bool) -> None:
        self.parameters, self.shared = parameters, shared
        num_trials = parameters.num_trials
        self._activation = ACTIVATIONS[network.activation]
        empty = parameters.flat.new_empty
        num_inputs, num_outputs = parameters.weights[0].shape[2], network.num_outputs
        self._rows = empty((batch_size if shared else num_trials * batch_size), num_inputs + num_outputs)
        rows_KBN = self._rows.view(1 if shared else num_trials, batch_size, -1).expand(num_trials, -1, -1)
        x_KBI, target_KBO = torch.split(rows_KBN, [num_inputs, num_outputs], dim=2)
        self._looked_up = bool(parameters.tables)
        if self._looked_up:  # each trial has its own table, so its own inputs
            self._numeric_KBI = x_KBI
            x_KBI = empty(num_trials, batch_size, num_inputs)
        self._x_KBI = x_KBI
        self._first_table_input = network.num_inputs
        self.target = target_KBO.transpose(1, 2)
        self.outputs = [empty(num_trials, weight.shape[1], batch_size) for weight in parameters.weights]
        self.inputs = [x_KBI.transpose(1, 2), *self.outputs[:-1]]
        silent = (
            []
            if self._activation.zero_at_zero
            else list(zip(self.outputs, network.hidden_sizes, strict=False))
        )
        self._silent = [output[:, size:] for output, size in silent if size < output.shape[1]]
        first_code = torch.arange(num_trials, device=parameters.flat.device)
        self._offsets = [(first_code * table.shape[1])[:, None] for table in parameters.tables]
        self.flat_codes: list[Tensor] = []

    def run(self, rows: Rows, indices: Tensor) -> Tensor:
        """Run the rows at ``indices`` ((B,) if shared, else (K, B)) through all layers; return the logits (K, O, B)."""
        torch.index_select(rows.values, 0, indices if self.shared else indices.view(-1), out=self._rows)
        if self._looked_up:
            self._look_up(rows, indices)
        return self.propagate()

    def run_range(self, rows: Rows, start: int, end: int) -> Tensor:
        """Like :meth:`run` for the rows from ``start`` to ``end``; what the batch has beyond them is left over."""
        count = end - start
        self._rows[:count] = rows.values[start:end]
        self._rows[count:].zero_()
        if self._looked_up:
            indices = torch.arange(start, start + self._rows.shape[0]).clamp_(max=end - 1)
            self._look_up(rows, indices)
        return self.propagate()

    def propagate(self) -> Tensor:
        """Run the layers on the inputs that are in place."""
        weights, biases, outputs = self.parameters.weights, self.parameters.biases, self.outputs
        last = len(outputs) - 1
        for layer, output in enumerate(outputs):
            torch.baddbmm(biases[layer], weights[layer], self.inputs[layer], out=output)
            if layer < last:
                self._activation.apply_(output)
        for padding in self._silent:
            padding.zero_()
        return outputs[last]

    def _look_up(self, rows: Rows, indices: Tensor) -> None:
        """Put each trial's embeddings of the rows at ``indices`` into its inputs."""
        self._x_KBI.copy_(self._numeric_KBI)
        codes = rows.codes[indices]  # (B, C) or (K, B, C)
        start = self._first_table_input
        self.flat_codes = [
            (codes[..., column] + offsets).view(-1) for column, offsets in enumerate(self._offsets)
        ]
        for table, flat in zip(self.parameters.tables, self.flat_codes, strict=True):
            size = table.shape[2]
            numbers = table.view(-1, size).index_select(0, flat)
            self._x_KBI[:, :, start : start + size] = numbers.view(table.shape[0], -1, size)
            start += size
