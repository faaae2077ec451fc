"""What our own perceptrons are trained on: the shape of the network, training rows, validation rows, of each source.

A task has the data of one layout: inputs of one width (padded) and as many rows in every fold, however they were
prepared. Its trials may be of any hidden sizes; those of one pack must be alike in them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import torch
from torch import Tensor

from practicum.core.measures import DEFAULT
from practicum.data.key import DataKey
from practicum.models.initial import initial_parameters
from practicum.models.network import Network
from practicum.models.output import OUTPUT_UNITS
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_perceptron
from practicum.training.mlp.layout import Parameters
from practicum.training.mlp.program import MLPProgram
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.views import seen_inputs


@dataclass(frozen=True, slots=True)
class Source:
    """One fold, prepared in one way, among the rows of a task.

    Attributes:
        place: its number there.
        num_inputs: numeric and one-hot inputs, without padding.
        target_scale: one unit of the prepared target in the target's own unit, for errors that have one.
    """

    place: int
    num_inputs: int
    target_scale: float = 1.0


@dataclass(frozen=True)
class MLPTask:
    """The data that perceptrons are trained and validated on.

    Attributes:
        network: shape of one trial.
        train: training rows of each source.
        valid: validation rows of each source.
        sources: by what of a recipe decides them; empty where there is one source for all recipes.
        metric: what the validation error is; it selects and stops (:data:`practicum.core.measures.NAMES`).
    """

    network: Network
    train: Rows
    valid: Rows
    sources: Mapping[DataKey, Source] = field(default_factory=dict)
    metric: str = DEFAULT

    @property
    def num_train(self) -> int:
        """Training rows T of a trial."""
        return len(self.train)

    @property
    def num_valid(self) -> int:
        """Validation rows of a trial."""
        return len(self.valid)

    def place(self, recipe: Recipe) -> int:
        """Return the number of the source that ``recipe`` draws from."""
        return self.sources[DataKey.of(recipe)].place if self.sources else 0

    def target_scale(self, recipe: Recipe) -> float:
        """Return one unit of the target that ``recipe``'s trial predicts, in the target's own unit."""
        return self.sources[DataKey.of(recipe)].target_scale if self.sources else 1.0

    def network_of(self, recipe: Recipe) -> Network:
        """Return the shape of the network that ``recipe`` asks for."""
        source = self.sources.get(DataKey.of(recipe))
        return replace(
            self.network,
            num_inputs=self.network.num_inputs if source is None else source.num_inputs,
            hidden_sizes=recipe.hidden_sizes,
            activation=recipe.activation,
        )

    def structure(self, recipe: Recipe) -> Hashable:
        """Return what perceptrons of one pack must share.

        Sources have one layout, so trials that draw from different ones may share a pack, unless the noise on their
        inputs, which is drawn for all inputs at once, needs another shape.
        """
        source: Hashable = DataKey.of(recipe)
        if source in self.sources:
            source = self.network_of(recipe).num_inputs if recipe.corruption_level else None
        return recipe.hidden_sizes, recipe.activation, source

    def program(self, recipes: Sequence[Recipe]) -> MLPProgram:
        """Return the untrained perceptrons of ``recipes``.

        Raises:
            ConfigError: if a setting does not go with a perceptron of this shape.
        """
        for recipe in recipes:
            check_perceptron(dict(recipe))
        values, networks = self.train.values, [self.network_of(recipe) for recipe in recipes]
        parameters = Parameters(
            networks[0], len(recipes), values.dtype, values.device, [one.num_inputs for one in networks]
        )
        for position, (recipe, network) in enumerate(zip(recipes, networks, strict=True)):
            initial = initial_parameters(
                network, recipe.seed, recipe.init_scale, recipe.init_distribution, recipe.init_range
            )
            if recipe.input_fraction < 1:
                initial["layers.0.weight"] *= seen_inputs(network, recipe)
            parameters.put(position, {name: torch.from_numpy(value) for name, value in initial.items()})
        return MLPProgram(self, recipes, parameters)

    @cached_property
    def start_losses(self) -> Tensor:
        """Loss of each training row before the first update, when every output is zero [3.2-28], (sources · T,)."""
        target = self.train.values[:, self.train.num_inputs :]
        return OUTPUT_UNITS[self.network.task].row_losses(torch.zeros_like(target), target)
