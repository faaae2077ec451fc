"""Generated data of four sources, two preparations of two folds, and packs whose trials draw from all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import torch
from tests.oracles.problems import Problem, problem, small_recipe

from practicum.core.seeds import stream
from practicum.data.key import DataKey
from practicum.recipe import Recipe
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask, Source

SOURCES = tuple(
    {"preprocess": preprocess, "num_folds": 2, "fold": fold}
    for preprocess in ("standardise", "uniformise")
    for fold in (0, 1)
)
WIDTHS = (5, 7, 5, 6)
Problems = Mapping[DataKey, Problem]


def sources(
    task: str, num_levels: tuple[int, ...] = (), *, one_width: bool = False, num_valid: int = 50
) -> Problems:
    """Return different data for each source; their widths differ where that is allowed."""
    one_width |= bool(num_levels)
    found = {}
    for number, (settings, width) in enumerate(zip(SOURCES, WIDTHS, strict=True)):
        data = problem(task, num_valid=num_valid, num_inputs=5 if one_width else width, num_levels=num_levels)
        found[DataKey.of(Recipe(**settings))] = dataclasses.replace(
            data, train=_other(data.train, number), valid=_other(data.valid, number)
        )
    return found


def _other(data, number):
    """Return the inputs of other rows, so that no two sources agree."""
    x = torch.from_numpy(stream(number, "tests/source").standard_normal(tuple(data.x.shape))).float()
    target = (
        data.target * (1 + number)
        if number and data.target.shape[1] == 1 and data.target.min() < 0
        else data.target
    )
    return dataclasses.replace(data, x=data.x + 0.5 * x, target=target)


def laid_out(problems: Problems, dtype: torch.dtype = torch.float32) -> MLPTask:
    """Return one task of all sources."""
    network = next(iter(problems.values())).network(small_recipe())
    train, valid = (
        Rows.of([getattr(one, part) for one in problems.values()], network, dtype)
        for part in ("train", "valid")
    )
    places = {key: Source(place, one.train.x.shape[1]) for place, (key, one) in enumerate(problems.items())}
    return MLPTask(network, train, valid, places)


def mixed(**values) -> list[Recipe]:
    """Return six recipes of one pack that differ in source, seed, bag and inputs; ``values`` are common to all."""
    first, second, third, fourth = SOURCES
    own = [
        {**first, "seed": 0},
        {**second, "seed": 0, "learning_rate": 0.05},
        {**third, "seed": 1, "bagging": True},
        {**fourth, "seed": 0, "input_fraction": 0.5},
        {**first, "seed": 1, "bagging": True, "input_fraction": 0.7},
        {**first, "seed": 0, "learning_rate": 0.02},
    ]
    rate = values.pop("learning_rate", 0.1) / 0.1
    recipes = [small_recipe(**values, **one) for one in own]
    return [recipe.changed(learning_rate=recipe.learning_rate * rate) for recipe in recipes]
