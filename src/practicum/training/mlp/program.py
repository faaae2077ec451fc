"""K perceptrons as one program, by hand: forward, slopes backward, gradient or step, all in kept buffers.

The slope of the loss at the logits is prediction − target for every output unit [3.2-26]; from there the chain rule
is written out. Plain gradient descent needs no stored gradient: each weight receives its change directly from the
product that makes its gradient, the learning rate being multiplied into the slopes, which are small
(:meth:`MLPProgram.descend`). Every other rule gets the gradient in a buffer. Which of the two a trial takes depends on
its recipe alone, so packing changes no bit. `tests/oracles/loop.py` is the slow twin.

Source: Bengio 2012, 2.1-05 (mean gradient), 3.2-17 (sparsity), 3.2-26 (output units).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from practicum.core.events import Floats
from practicum.core.shapes import padded
from practicum.models.activations import ACTIVATIONS
from practicum.models.output import OUTPUT_UNITS
from practicum.optim.penalties import sparsity_slope
from practicum.recipe import Recipe
from practicum.training.evaluate import Evaluation
from practicum.training.instruments import Signal, idle_units, signal_of
from practicum.training.mlp.evaluate import Evaluator
from practicum.training.mlp.forward import Forward
from practicum.training.mlp.layout import Parameters
from practicum.training.mlp.noise import training_noise
from practicum.training.mlp.products import SMALL, Product, product
from practicum.training.mlp.views import Views
from practicum.training.stack import Stack

if TYPE_CHECKING:
    from practicum.training.mlp.task import MLPTask


FEW_OUTPUTS = 4
"""Up to so many outputs NumPy makes the gradient of their weights faster."""


class MLPProgram:
    """The program of a pack of perceptrons.

    Args:
        task: network and data.
        recipes: of the K trials, equal in structure.
        parameters: of the K trials, at their present values.

    Attributes:
        parameters: of the K trials.
        gradient: of the last minibatch, where it is stored.
        buffers: none.
        roles: of each block of parameters.
        views: what each trial sees of the data.
        shared: whether all trials see the same minibatches.
    """

    def __init__(self, task: MLPTask, recipes: Sequence[Recipe], parameters: Parameters) -> None:
        self.task, self.recipes, self.parameters = task, tuple(recipes), parameters
        self.buffers: dict[str, Tensor] = {}
        self.roles, network = parameters.roles, parameters.network
        self.views = Views(task, recipes)
        self.shared = self.views.shared
        self._batch_size = recipes[0].batch_size
        self._activation, self._output = ACTIVATIONS[network.activation], OUTPUT_UNITS[network.task]
        size = padded(self._batch_size)
        self._padding = size - self._batch_size
        noise = training_noise(network, parameters, recipes, size)
        self.forward = Forward(network, parameters, size, shared=self.shared, noise=noise)
        self._slopes = [torch.empty_like(output) for output in self.forward.outputs]
        self._inputs_T = [self.forward.rows, *(x.transpose(1, 2) for x in self.forward.inputs[1:])]
        self._weights_T = [weight.transpose(1, 2) for weight in parameters.weights]
        self._looked_up = slice(network.num_inputs, network.layer_sizes[0][0])
        self.gradient = parameters.like()
        self._products_down = self._products_of_slopes()
        self._products_aside = self._products_of_weights()
        self._smoothing_K11 = self._column([recipe.label_smoothing for recipe in recipes])
        self._smooths = network.task != "regression" and any(recipe.label_smoothing for recipe in recipes)
        self._sparsity = _Sparsity(recipes, parameters) if any(r.sparsity_penalty for r in recipes) else None
        self._evaluator: Evaluator | None = None

    def gradients(self, indices: Tensor, step: int) -> Sequence[Tensor]:
        """Return the gradient of each trial's mean loss on the rows at ``indices``, (B,) if shared, else (K, B)."""
        self._forward(indices, step)
        self._backward(1 / self._batch_size)
        gradient = self.gradient
        for layer, slopes in enumerate(self._slopes):
            if (aside := self._products_aside[layer]) is not None:
                aside()
            else:
                torch.bmm(slopes, self._inputs_T[layer], out=gradient.weights[layer])
            torch.sum(slopes, 2, keepdim=True, out=gradient.biases[layer])
        self._spare_unseen(gradient)
        if gradient.tables:
            for table in gradient.tables:
                table.zero_()
            self._accumulate_tables(gradient)
        return list(gradient.blocks.values())

    def descend(
        self, indices: Tensor, step: int, rate_K: Tensor, decay: Callable[[], None] | None = None
    ) -> None:
        """Take one plain step of stochastic gradient descent at the rates ``rate_K``, (K,)."""
        self._forward(indices, step)
        self._backward(rate_K.div(-self._batch_size)[:, None, None])
        if decay is not None:
            decay()
        target = self.parameters
        if target.tables:
            self._accumulate_tables(target)
        for layer, slopes in enumerate(self._slopes):
            if (aside := self._products_aside[layer]) is not None:
                aside()
                target.weights[layer].add_(self.gradient.weights[layer])
            else:
                target.weights[layer].baddbmm_(slopes, self._inputs_T[layer])
            target.biases[layer].add_(slopes.sum(2, keepdim=True))
        self._spare_unseen(target)

    def batch_losses(self) -> Tensor:
        """Return the mean loss of the last minibatch, before its update, without penalties, (K,)."""
        logits, target = self.forward.outputs[-1], self.forward.target
        return self._output.row_losses(logits, target)[:, : self._batch_size].mean(1)

    def evaluate(self, parameters: Stack) -> Evaluation:
        """Evaluate ``parameters`` on the validation rows."""
        assert isinstance(parameters, Parameters)
        if self._evaluator is None or self._evaluator.parameters is not parameters:
            views, task = self.views, self.task
            self._evaluator = Evaluator(
                parameters.network,
                parameters,
                views.valid,
                views.valid_starts,
                views.deviations,
                metric=task.metric,
                target_scale=np.array([task.target_scale(recipe) for recipe in self.recipes]),
            )
        return self._evaluator.run()

    def start_loss(self) -> Floats:
        """Return the mean training loss before the first update, when every output is zero [3.2-28], (K,)."""
        return self.views.start_loss()

    def sampled_start(self, indices: Tensor) -> Floats | float:
        """Return the same on a minibatch; 0 for classes, where every row starts with the same loss."""
        return self.views.sampled_start(indices) if self.task.network.task == "regression" else 0.0

    def signal(self) -> Signal:
        """Return what passed through the layers with the last minibatch, without padding."""
        sizes, real = self.parameters.network.layer_sizes, self._batch_size
        outputs = [one[:, :units, :real] for one, (_, units) in zip(self.forward.outputs, sizes, strict=True)]
        slopes = [one[:, :units, :real] for one, (_, units) in zip(self._slopes, sizes, strict=True)]
        activation = self.parameters.network.activation
        idle = [idle_units(one, activation) for one in outputs[:-1]]
        return signal_of(outputs, slopes, [*idle, None])

    def select(self, keep: Tensor) -> Self:
        """Return a program of the trials at positions ``keep`` only."""
        return type(self)(self.task, [self.recipes[k] for k in keep.tolist()], self.parameters.select(keep))

    def _forward(self, indices: Tensor, step: int) -> None:
        if self._padding:
            indices = F.pad(indices, (0, self._padding))
        self.forward.run(self.views.train, self.views.rows(indices), step)

    def _spare_unseen(self, change: Parameters) -> None:
        """Leave no weight, or no change of one, from an input that its trial does not see."""
        if self.views.seen is not None:
            change.weights[0].mul_(self.views.seen)

    def _backward(self, scale: Tensor | float) -> None:
        """Fill the slopes of the loss at every layer's pre-activations, times ``scale``."""
        outputs, slopes, masks = self.forward.outputs, self._slopes, self.forward.masks
        top = len(slopes) - 1
        self._output.predict(outputs[top], slopes[top])
        slopes[top].sub_(self.forward.target)
        if self._smooths:
            even = 1 / max(2, outputs[top].shape[1])
            slopes[top].addcmul_(self.forward.target - even, self._smoothing_K11)
        slopes[top].mul_(scale)
        if self._padding:  # rows that only fill the batch up to the grid teach nothing
            slopes[top][:, :, self._batch_size :].zero_()
        for layer in range(top, 0, -1):
            below = slopes[layer - 1]
            self._products_down[layer - 1]()
            if masks:
                below.mul_(masks[layer - 1])
            if self._sparsity is not None:
                units = self.parameters.network.hidden_sizes[layer - 1]
                self._sparsity.add_slope_(
                    below[:, :units, : self._batch_size],
                    outputs[layer - 1][:, :units, : self._batch_size],
                )
            self._activation.backward_(below, outputs[layer - 1])
        if self.parameters.tables:  # now, while the weights are still those of the forward pass
            self._input_slopes = torch.bmm(self._weights_T[0][:, self._looked_up], slopes[0])  # (K, sizes, B)

    def _products_of_slopes(self) -> list[Product]:
        """Return, for each layer but the first, what carries the slopes through its weights."""
        factors = zip(self._weights_T[1:], self._slopes[1:], self._slopes, strict=False)
        by_numpy = self.forward.by_numpy
        return [product(weight, above, below, by_numpy=by_numpy) for weight, above, below in factors]

    def _products_of_weights(self) -> list[Product | None]:
        """Return, for each layer, what makes the gradient of its weights, where NumPy is the faster one."""
        found: list[Product | None] = []
        for layer, (slopes, gradient) in enumerate(zip(self._slopes, self.gradient.weights, strict=True)):
            small = (
                slopes.shape[1] <= FEW_OUTPUTS if layer else gradient[0].numel() * slopes.shape[2] <= SMALL
            )
            if not (small and self.forward.by_numpy):
                found.append(None)
            else:
                found.append(product(slopes, self._inputs_T[layer], gradient, by_numpy=True))
        return found

    def _accumulate_tables(self, target: Parameters) -> None:
        start = 0
        for table, flat in zip(target.tables, self.forward.flat_codes, strict=True):
            size = table.shape[2]
            slopes = self._input_slopes[:, start : start + size].transpose(1, 2).reshape(-1, size)
            table.view(-1, size).index_add_(0, flat, slopes)
            start += size

    def _column(self, values_K: Sequence[float]) -> Tensor:
        return self.parameters.flat.new_tensor(values_K)[:, None, None]


class _Sparsity:
    """The penalty on hidden activations of K trials [3.2-17]."""

    def __init__(self, recipes: Sequence[Recipe], parameters: Parameters) -> None:
        self.form = recipes[0].sparsity_form
        self.coefficient_K = parameters.flat.new_tensor([r.sparsity_penalty for r in recipes])
        self.target_K = parameters.flat.new_tensor([r.sparsity_target for r in recipes])

    def add_slope_(self, slope_KHB: Tensor, h_KHB: Tensor) -> None:
        slope_KHB.add_(sparsity_slope(h_KHB, self.form, self.coefficient_K, self.target_K))
