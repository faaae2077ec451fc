"""What our own perceptron is trained on: the shape of the network, training rows, validation rows."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from practicum.core.events import Floats
from practicum.core.shapes import padded
from practicum.models.initial import initial_parameters
from practicum.models.network import Network
from practicum.models.output import OUTPUT_UNITS
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_perceptron
from practicum.training.mlp.layout import Parameters
from practicum.training.mlp.program import MLPProgram
from practicum.training.mlp.rows import Rows
from practicum.training.update import descends


@dataclass(frozen=True)
class MLPTask:
    """The data that a pack of perceptrons is trained and validated on.

    Attributes:
        network: shape of one trial.
        train: training rows.
        valid: validation rows.
    """

    network: Network
    train: Rows
    valid: Rows

    @property
    def num_train(self) -> int:
        """Training rows T."""
        return len(self.train)

    @property
    def num_valid(self) -> int:
        """Validation rows."""
        return len(self.valid)

    def structure(self, recipe: Recipe) -> Hashable:
        """Return what perceptrons of one pack must share: shape and preparation of the inputs."""
        return (
            recipe.hidden_sizes,
            recipe.activation,
            (recipe.preprocess, recipe.tails, recipe.pca_variance, recipe.categories),
        )

    def touched_bytes(self, recipe: Recipe) -> int:
        """Return how much memory one update of one trial touches: parameters, outputs and slopes of all layers."""
        sizes = [(padded(fan_in), padded(fan_out)) for fan_in, fan_out in self.network.layer_sizes]
        parameters = sum(fan_in * fan_out for fan_in, fan_out in sizes) * (1 if descends(recipe) else 3)
        activations = 2 * padded(recipe.batch_size) * sum(fan_out for _, fan_out in sizes)
        return (parameters + activations) * self.train.values.element_size()

    def program(self, recipes: Sequence[Recipe]) -> MLPProgram:
        """Return the untrained perceptrons of ``recipes``.

        Raises:
            ConfigError: if a setting does not go with a perceptron of this shape.
        """
        for recipe in recipes:
            check_perceptron(dict(recipe))
        values = self.train.values
        parameters = Parameters(self.network, len(recipes), values.dtype, values.device)
        for position, recipe in enumerate(recipes):
            initial = initial_parameters(self.network, recipe.seed, recipe.init_scale)
            parameters.put(position, {name: torch.from_numpy(value) for name, value in initial.items()})
        return MLPProgram(self, recipes, parameters)

    @cached_property
    def _start_losses(self) -> Tensor:
        """Loss of each training row before the first update, (N,)."""
        target = self.train.values[:, self.train.num_inputs :]
        return OUTPUT_UNITS[self.network.task].row_losses(torch.zeros_like(target), target)

    @cached_property
    def start_loss(self) -> Floats:
        """Mean training loss before the first update, when every output is zero [3.2-28], (1,)."""
        return np.array([float(self._start_losses.mean(dtype=torch.float64))])

    def sampled_start(self, indices: Tensor) -> Floats | float:
        """Return the mean loss of the rows at ``indices`` before the first update; 0 where all rows agree."""
        if self.network.task != "regression":
            return 0.0
        losses: Floats = self._start_losses[indices].mean(-1, dtype=torch.float64).cpu().numpy()
        return losses
