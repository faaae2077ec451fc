"""The data that trainings ask for: prepared their way, cut into their folds, laid out once for all of one layout."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import torch

from practicum.core.measures import DEFAULT
from practicum.core.shapes import padded
from practicum.data.key import DataKey
from practicum.data.pipeline import Prepared
from practicum.data.preparations import Preparations, PreparedFold
from practicum.engine.plans.plan import Plan
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask, Source

Layout = tuple[Hashable, ...]


def network_of(data: Prepared | PreparedFold, recipe: Recipe) -> Network:
    """Return the shape of the network that ``recipe`` asks for on ``data``."""
    return Network(
        num_inputs=data.train.x.shape[1],
        hidden_sizes=recipe.hidden_sizes,
        num_outputs=data.train.target.shape[1],
        activation=recipe.activation,
        task=data.preparation.schema.task,
        num_levels=data.train.num_levels,
    )


def layout_of(data: PreparedFold) -> Layout:
    """Return what prepared rows must share to be laid out for one task: numbers of rows, width, looked-up columns."""
    num_inputs, num_levels = data.train.x.shape[1], data.train.num_levels
    # Embeddings follow the other inputs at once, so their place depends on the width before it is padded.
    width = num_inputs if num_levels else padded(num_inputs)
    return width, num_levels, len(data.train), len(data.valid)


class Tasks:
    """Gives each recipe its data.

    Args:
        data: prepared in one way; other ways and folds are made when a recipe asks for them.
        device: where trials are trained.
        metric: what the validation error is.

    Attributes:
        preparations: the rows, prepared in each way that was asked for.
    """

    def __init__(self, data: Prepared, device: torch.device | None = None, metric: str = DEFAULT) -> None:
        self.preparations, self.metric = Preparations(data), metric
        self._device = device
        self._tasks: dict[Layout, MLPTask] = {}

    def network_of(self, recipe: Recipe) -> Network:
        """Return the shape of the network that ``recipe`` asks for on its own inputs."""
        return network_of(self.preparations.of(recipe), recipe)

    def task(self, recipe: Recipe) -> MLPTask:
        """Return the data for ``recipe`` and all others of the same layout that were asked for."""
        return self.tasks([recipe])[0]

    def tasks(self, recipes: Sequence[Recipe]) -> list[MLPTask]:
        """Return the data for each of ``recipes``, laid out once; recipes of one layout share one task.

        Trials of one pack must share their task and be equal in :func:`practicum.training.pack.structure`. To be
        asked for all recipes at once: a task that has to grow is laid out anew.

        Raises:
            ConfigError, DataError: if a recipe's folds or preparation cannot be made.
        """
        layouts = [layout_of(self.preparations.of(recipe)) for recipe in recipes]
        wanted: dict[Layout, dict[DataKey, Recipe]] = {}
        for recipe, layout in zip(recipes, layouts, strict=True):
            wanted.setdefault(layout, {})[DataKey.of(recipe)] = recipe
        for layout, by_key in wanted.items():
            task = self._tasks.get(layout)
            if task is None or not by_key.keys() <= task.sources.keys():
                self._tasks[layout] = self._laid_out(by_key, task)
        return [self._tasks[layout] for layout in layouts]

    def plan(self, recipes: Sequence[Recipe], trials: Sequence[int]) -> Plan:
        """Return the plan of a pack of ``recipes``, which can share one."""
        return Plan(recipes, self.tasks(recipes)[0], trials)

    def _laid_out(self, recipes: Mapping[DataKey, Recipe], before: MLPTask | None) -> MLPTask:
        """Return a task of the sources that ``before`` has and of those that ``recipes`` ask for."""
        parts = {key: self.preparations.of(key) for key in [*(before.sources if before else ()), *recipes]}
        key, recipe = next(iter(recipes.items()))
        network = network_of(parts[key], recipe)
        train, valid = (
            Rows.of([getattr(part, name) for part in parts.values()], network, device=self._device)
            for name in ("train", "valid")
        )
        sources = {
            key: Source(place, part.train.x.shape[1], part.preparation.target_scale)
            for place, (key, part) in enumerate(parts.items())
        }
        return MLPTask(network, train, valid, sources, self.metric)
