"""One update of K trials by hand: forward, slopes backward, update, all in kept buffers.

The slope of the loss at the logits is prediction − target for every output unit [3.2-26]; from there the chain rule
is written out. Without momentum each weight receives its change directly from the product that makes its gradient
(the learning rate is multiplied into the slopes, which are small), so no gradient is ever stored; with momentum the
same products go into the running gradient. Which of the two a trial takes depends on its recipe alone, so packing
changes no bit. `tests/oracles/loop.py` is the slow twin.

Source: Bengio 2012, 2.1-05 (mean gradient), 3.1-15 (momentum; erratum E9), 3.2-05..07 (penalties; erratum E6).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from practicum.core.events import Floats
from practicum.core.shapes import padded
from practicum.models.activations import ACTIVATIONS
from practicum.models.network import Network
from practicum.models.output import OUTPUT_UNITS
from practicum.optim.coefficients import Coefficients
from practicum.train.forward import Forward
from practicum.train.layout import Parameters
from practicum.train.rows import Rows


class Step:
    """The update of a pack.

    Args:
        network: shape of one trial.
        parameters: of the K trials; changed by every update.
        velocity: running gradients ḡ, or ``None`` when no trial has momentum.
        average: running average of the parameters, or ``None`` when no trial asks for one.
        coefficients: hyper-parameters of the K trials.
        batch_size: B.
        shared: whether all trials see the same minibatches.
    """

    def __init__(
        self,
        network: Network,
        parameters: Parameters,
        velocity: Parameters | None,
        average: Parameters | None,
        coefficients: Coefficients,
        batch_size: int,
        *,
        shared: bool,
    ) -> None:
        self.parameters, self.velocity, self.average = parameters, velocity, average
        self._coefficients, self._batch_size = coefficients, batch_size
        self._activation, self._output = ACTIVATIONS[network.activation], OUTPUT_UNITS[network.task]
        self._padding = padded(batch_size) - batch_size
        self.forward = Forward(network, parameters, padded(batch_size), shared=shared)
        self._slopes = [torch.empty_like(output) for output in self.forward.outputs]
        self._inputs_T = [x.transpose(1, 2) for x in self.forward.inputs]
        self._weights_T = [weight.transpose(1, 2) for weight in parameters.weights]
        self._scale_K11 = self._column(torch.empty(parameters.num_trials, dtype=torch.float64))
        self._momentum_K11 = self._column(torch.from_numpy(coefficients.momentum))
        self._penalised = bool(coefficients.l1.any() or coefficients.l2.any())
        self._first_table_input, self._end_table_input = network.num_inputs, network.layer_sizes[0][0]
        self.set_learning_rate(coefficients.learning_rate)

    def set_learning_rate(self, rate_K: Floats) -> None:
        """Use the rates ``rate_K`` from the next update on."""
        c = self._coefficients
        new = 1 - c.momentum if self.velocity is not None else -rate_K
        self._scale_K11.copy_(self._column(torch.from_numpy(new / self._batch_size)))
        self._rate_K11 = self._column(torch.from_numpy(-rate_K))
        if self._penalised:
            # The penalty's gradient is scaled like the data's: into the running gradient, or straight into the step.
            part = 1 - c.momentum if self.velocity is not None else -rate_K
            self._l1 = [self._column(torch.from_numpy(part * layer)) for layer in c.l1]
            self._l2 = [self._column(torch.from_numpy(part * 2 * layer)) for layer in c.l2]
            biases = self._column(torch.from_numpy(c.penalise_biases))
            self._bias_l1, self._bias_l2 = [x * biases for x in self._l1], [x * biases for x in self._l2]

    def run(self, rows: Rows, indices: Tensor, index: int) -> None:
        """Do update number ``index`` (counted from 0) on the rows at ``indices``, (B,) if shared, else (K, B)."""
        if self._padding:
            indices = F.pad(indices, (0, self._padding))
        self.forward.run(rows, indices)
        self._backward()
        target = self.parameters if self.velocity is None else self.velocity
        if self.velocity is not None:
            for block in target.blocks():
                block.mul_(self._momentum_K11)
        if self._penalised:
            self._penalise(target)
        self._accumulate(target)
        if self.velocity is not None:
            for parameter, mean_gradient in zip(self.parameters.blocks(), target.blocks(), strict=True):
                parameter.addcmul_(mean_gradient, self._rate_K11)
        if self.average is not None:
            self._move_average(index)

    def batch_losses(self) -> Tensor:
        """Return the mean loss of the last minibatch, before its update, shape (K,)."""
        logits, target = self.forward.outputs[-1], self.forward.target
        return self._output.row_losses(logits, target)[:, : self._batch_size].mean(1)

    def _backward(self) -> None:
        """Fill the slopes of the loss at every layer's pre-activations, scaled for the update."""
        outputs, slopes = self.forward.outputs, self._slopes
        top = len(slopes) - 1
        self._output.predict(outputs[top], slopes[top])
        slopes[top].sub_(self.forward.target).mul_(self._scale_K11)
        if self._padding:  # rows that only fill the batch up to the grid teach nothing
            slopes[top][:, :, self._batch_size :].zero_()
        for layer in range(top, 0, -1):
            torch.bmm(self._weights_T[layer], slopes[layer], out=slopes[layer - 1])
            self._activation.backward_(slopes[layer - 1], outputs[layer - 1])
        if self.parameters.tables:  # now, while the weights are still those of the forward pass
            looked_up = slice(self._first_table_input, self._end_table_input)
            self._input_slopes = torch.bmm(self._weights_T[0][:, looked_up], slopes[0])  # (K, sizes, B)

    def _accumulate(self, target: Parameters) -> None:
        """Add the scaled gradient to ``target``."""
        if target.tables:
            self._accumulate_tables(target)
        for layer, slopes in enumerate(self._slopes):
            target.weights[layer].baddbmm_(slopes, self._inputs_T[layer])
            target.biases[layer].add_(slopes.sum(2, keepdim=True))

    def _accumulate_tables(self, target: Parameters) -> None:
        start = 0
        for table, flat in zip(target.tables, self.forward.flat_codes, strict=True):
            size = table.shape[2]
            slopes = self._input_slopes[:, start : start + size].transpose(1, 2).reshape(-1, size)
            table.view(-1, size).index_add_(0, flat, slopes)
            start += size

    def _penalise(self, target: Parameters) -> None:
        """Add the scaled gradient of the penalties, taken at the present parameters, to ``target``."""
        mine = self.parameters
        weights = zip(target.weights, mine.weights, self._l1, self._l2, strict=True)
        biases = zip(target.biases, mine.biases, self._bias_l1, self._bias_l2, strict=True)
        # An embedding is part of the first layer.
        tables = ((t, m, self._l1[0], self._l2[0]) for t, m in zip(target.tables, mine.tables, strict=True))
        for block, parameter, l1_K11, l2_K11 in (*weights, *biases, *tables):
            block.add_(parameter.sign().mul_(l1_K11).addcmul_(parameter, l2_K11))

    def _move_average(self, index: int) -> None:
        """Move the average towards the parameters: the plain mean at first, exponential once that is slower."""
        assert self.average is not None
        weight = 1 - torch.from_numpy(self._coefficients.averaging).clamp(max=index / (index + 1))
        for mean, parameter in zip(self.average.blocks(), self.parameters.blocks(), strict=True):
            mean.lerp_(parameter, self._column(weight))

    def _column(self, values_K: Tensor) -> Tensor:
        return values_K.to(self.parameters.flat)[:, None, None]
