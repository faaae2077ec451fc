"""Small generated problems, on which the engine and its slow twins are trained alike.

All numbers come from named streams and are rounded to float32, so that a run in float64 sees the same data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from practicum.core.events import Event
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.loop import run
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask
from practicum.training.pack import Pack

ACTIVATION_NAMES = ("tanh", "sigmoid", "relu", "hard_tanh", "softsign")
TASK_NAMES = ("multiclass", "binary", "regression")
NUM_OUTPUTS = {"multiclass": 3, "binary": 1, "regression": 1}


@dataclass(frozen=True)
class Problem:
    """Data of one task; any recipe can be trained on it."""

    task: str
    train: Dataset
    valid: Dataset

    def network(self, recipe: Recipe) -> Network:
        """Return the shape of the network that ``recipe`` asks for."""
        return Network(
            num_inputs=self.train.x.shape[1],
            hidden_sizes=recipe.hidden_sizes,
            num_outputs=self.train.target.shape[1],
            activation=recipe.activation,
            task=self.task,
            num_levels=self.train.num_levels,
        )

    def laid_out(self, recipe: Recipe, dtype: torch.dtype = torch.float32) -> MLPTask:
        """Return network and data as training wants them."""
        network = self.network(recipe)
        return MLPTask(network, Rows.of(self.train, network, dtype), Rows.of(self.valid, network, dtype))

    def pack(self, recipes: list[Recipe], dtype: torch.dtype = torch.float32, **options: Any) -> Pack:
        """Return an untrained pack of ``recipes``."""
        return Pack(recipes, self.laid_out(recipes[0], dtype), **options)


def problem(
    task: str,
    num_train: int = 90,
    num_valid: int = 50,
    num_inputs: int = 5,
    num_levels: tuple[int, ...] = (),
) -> Problem:
    """Return generated rows of ``task``; the same arguments give the same rows."""
    train = _rows(task, num_train, num_inputs, num_levels, "train")
    return Problem(task, train, _rows(task, num_valid, num_inputs, num_levels, "valid"))


def small_recipe(**values: Any) -> Recipe:
    """Return a recipe for these problems: a net off the grid, a batch on it, a rate that learns in a few steps."""
    return Recipe(
        **{
            "hidden_sizes": (20, 12),
            "activation": "tanh",
            "batch_size": 16,
            "learning_rate": 0.1,
            "stop_on": "error",
            **values,
        }
    )


def _rows(task: str, num_rows: int, num_inputs: int, num_levels: tuple[int, ...], part: str) -> Dataset:
    draw = stream(0, f"tests/{part}/{num_inputs}/{num_levels}")
    x = draw.standard_normal((num_rows, num_inputs))
    codes = np.stack([draw.integers(1, levels, num_rows) for levels in num_levels], 1) if num_levels else None
    mix = stream(0, "tests/mix").standard_normal((num_inputs, NUM_OUTPUTS[task]))
    score = np.sin(x) @ mix + 0.3 * draw.standard_normal((num_rows, NUM_OUTPUTS[task]))
    if codes is not None:
        score[:, 0] += codes.sum(1) - codes.sum(1).mean()
    if task == "multiclass":
        target = np.eye(NUM_OUTPUTS[task])[score.argmax(1)]
    elif task == "binary":
        target = (score > 0).astype(float)
    else:
        target = (score - score.mean()) / (score.std() or 1.0)
    return Dataset(
        x=torch.from_numpy(x).float(),
        codes=torch.from_numpy(codes if codes is not None else np.empty((num_rows, 0), dtype=np.int64)),
        target=torch.from_numpy(target).float(),
        num_levels=num_levels,
    )


def advance(pack: Pack, until: int) -> list[Event]:
    """Train ``pack`` to ``until`` updates and return the events."""
    return list(run(pack, until))


def update_once(pack: Pack, rows: Tensor, index: int, rates: Sequence[float] | None = None) -> None:
    """Do update number ``index`` on the rows, at the recipes' rates or at others."""
    c = pack.coefficients
    planned = c.learning_rate if rates is None else np.array(rates)
    pack.update.plan(index, planned[None], c.momentum[None])
    with torch.no_grad():
        pack.update.run(rows, index)


def same_numbers(one: Tensor, other: Tensor) -> bool:
    """Return whether two tensors agree in every number; NaN, where a trial has diverged, agrees with NaN."""
    return torch.equal(one.isnan(), other.isnan()) and torch.equal(one[~one.isnan()], other[~other.isnan()])


def same_bits(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    """Return whether two trials' parameters agree in every bit."""
    return one.keys() == other.keys() and all(same_numbers(one[name], other[name]) for name in one)
