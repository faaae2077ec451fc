"""The forward pass of K trials over one batch, in kept buffers."""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.models.activations import ACTIVATIONS
from practicum.models.network import Network
from practicum.training.mlp.layout import Parameters
from practicum.training.mlp.noise import TrainingNoise
from practicum.training.mlp.products import product, quick
from practicum.training.mlp.rows import Rows


class Forward:
    """Buffers for one batch size, and the pass that fills them.

    Args:
        network: shape of one trial.
        parameters: of the K trials; read at every pass.
        batch_size: B.
        shared: whether all trials see the same rows.
        noise: of training; none when evaluating.

    Attributes:
        inputs: what each layer receives, (K, I, B); the first is the batch itself.
        rows: the batch as it was fetched, (K, B, I): the first of ``inputs``, transposed.
        outputs: what each layer gives, before dropout, (K, H, B); the last are the logits (K, O, B).
        masks: of each hidden layer in the present pass, (K, H, B); empty without dropout.
        target: of the present batch, (K, O, B).
    """

    def __init__(
        self,
        network: Network,
        parameters: Parameters,
        batch_size: int,
        *,
        shared: bool,
        noise: TrainingNoise | None = None,
    ) -> None:
        self.parameters, self.shared, self._noise = parameters, shared, noise
        num_trials = parameters.num_trials
        self._activation = ACTIVATIONS[network.activation]
        empty = parameters.flat.new_empty
        num_inputs, num_outputs = parameters.weights[0].shape[2], network.num_outputs
        self._rows = empty((batch_size if shared else num_trials * batch_size), num_inputs + num_outputs)
        rows_KBN = self._rows.view(1 if shared else num_trials, batch_size, -1).expand(num_trials, -1, -1)
        x_KBI, target_KBO = torch.split(rows_KBN, [num_inputs, num_outputs], dim=2)
        self._looked_up, self._corrupted = bool(parameters.tables), noise is not None and noise.corrupts
        if self._looked_up or self._corrupted:  # each trial has its own table or noise, so its own inputs
            self._numeric_KBI = x_KBI
            x_KBI = empty(num_trials, batch_size, num_inputs)
        self._x_KBI = x_KBI
        self._first_table_input = network.num_inputs
        self.target = target_KBO.transpose(1, 2)
        self.outputs = [empty(num_trials, weight.shape[1], batch_size) for weight in parameters.weights]
        self._dropped = (
            [torch.empty_like(output) for output in self.outputs[:-1]] if noise and noise.drops else []
        )
        self.rows, self.by_numpy = x_KBI, quick(parameters.flat)
        x_KIB = x_KBI.transpose(1, 2)
        if (
            self.by_numpy
        ):  # which wants rows that lie side by side; all trials share them if they share the batch
            apart = num_trials if self._looked_up or self._corrupted or not shared else 1
            self._x_KIB = empty(apart, num_inputs, batch_size)
            x_KIB = self._x_KIB.expand(num_trials, -1, -1)
        self.inputs = [x_KIB, *(self._dropped or self.outputs[:-1])]
        factors = zip(parameters.weights, self.inputs, self.outputs, strict=True)
        self._products = [product(weight, x, out, by_numpy=self.by_numpy) for weight, x, out in factors]
        self.masks: list[Tensor] = []
        quiet = self._activation.zero_at_zero
        hidden = zip(self.outputs, network.hidden_sizes, strict=False)
        self._silent = [None if quiet or size == out.shape[1] else out[:, size:] for out, size in hidden]
        first_code = torch.arange(num_trials, device=parameters.flat.device)
        self._offsets = [(first_code * table.shape[1])[:, None] for table in parameters.tables]
        self.flat_codes: list[Tensor] = []

    def run(self, rows: Rows, indices: Tensor, step: int = 0) -> Tensor:
        """Run the rows at ``indices`` ((B,) if shared, else (K, B)) through all layers; return the logits (K, O, B).

        ``step`` is the number of the update, from 0; only the noise depends on it.
        """
        torch.index_select(rows.values, 0, indices if self.shared else indices.view(-1), out=self._rows)
        if self._looked_up or self._corrupted:
            self._x_KBI.copy_(self._numeric_KBI)
        if self._noise is not None:
            if self._corrupted:
                self._noise.corrupt_(self._x_KBI, step)
            self.masks = self._noise.masks(step)
        if self._looked_up:
            self._look_up(rows, indices)
        return self.propagate()

    def run_range(self, rows: Rows, start: int, end: int) -> Tensor:
        """Like :meth:`run` for the rows from ``start`` to ``end``; what the batch has beyond them is left over."""
        count = end - start
        self._rows[:count] = rows.values[start:end]
        self._rows[count:].zero_()
        if self._looked_up:
            self._x_KBI.copy_(self._numeric_KBI)
            indices = torch.arange(start, start + self._rows.shape[0], device=rows.codes.device)
            self._look_up(rows, indices.clamp_(max=end - 1))
        return self.propagate()

    def propagate(self) -> Tensor:
        """Run the layers on the inputs that are in place."""
        weights, biases, outputs = self.parameters.weights, self.parameters.biases, self.outputs
        last = len(outputs) - 1
        if self.by_numpy:
            self._x_KIB.copy_(self.rows[: len(self._x_KIB)].transpose(1, 2))
        for layer, output in enumerate(outputs):
            if self.by_numpy:
                self._products[layer]()
                output.add_(biases[layer])
            else:
                torch.baddbmm(biases[layer], weights[layer], self.inputs[layer], out=output)
            if layer < last:
                self._activation.apply_(output)
                if (padding := self._silent[layer]) is not None:
                    padding.zero_()
                if self._dropped:
                    torch.mul(output, self.masks[layer], out=self._dropped[layer])
        return outputs[last]

    def _look_up(self, rows: Rows, indices: Tensor) -> None:
        """Put each trial's embeddings of the rows at ``indices`` into its inputs."""
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
