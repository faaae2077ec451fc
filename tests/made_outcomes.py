"""A learnable table, prepared; and an outcome of training, made without training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import torch

from practicum.core.record import Record
from practicum.data.pipeline import Prepared, load, prepare
from practicum.engine.phase import Result
from practicum.engine.trainer import network_of
from practicum.models.baselines import Baseline
from practicum.models.initial import initial_parameters
from practicum.recipe import Recipe
from practicum.report.assemble import Outcome
from practicum.tuning.learning_rate import RateSearch

TASKS = ("binary", "multiclass", "regression")
INPUTS = ("size", "width", "shop")
SMALL = Recipe(hidden_sizes=(6,), learning_rate=0.1)


def learnable(num_rows: int = 150, seed: int = 0) -> pl.DataFrame:
    """Return two numbers, a category, and a target for each task, named after it."""
    random = np.random.default_rng(seed)
    size, width = random.normal(size=(2, num_rows))
    shop = random.choice(["north", "south", "east"], num_rows)
    score = size - 0.5 * width + (shop == "south") + 0.2 * random.normal(size=num_rows)
    return pl.DataFrame(
        {
            "size": size,
            "width": width,
            "shop": shop,
            "binary": np.where(score > 0.3, "yes", "no"),
            "multiclass": np.array(["low", "mid", "high"])[np.digitize(score, [-0.4, 0.9])],
            "regression": 5000 + 1000 * score,
        }
    )


def table(task: str, num_rows: int = 150, seed: int = 0) -> pl.DataFrame:
    """Return the inputs and the target of ``task``."""
    return learnable(num_rows, seed).select(*INPUTS, task)


def prepared(
    task: str, num_rows: int = 150, test: Any = None, recipe: Recipe = SMALL, **options: Any
) -> Prepared:
    """Return the table of ``task``, read, split and prepared."""
    return prepare(load(table(task, num_rows), task, test), recipe=recipe, **options)


def result(data: Prepared, trial: int, recipe: Recipe = SMALL, **values: Any) -> Result:
    """Return a result with random weights, drawn from the number of the trial."""
    random = np.random.default_rng(trial)
    start = initial_parameters(network_of(data, recipe), seed=0)
    reached = {
        "status": "budget",
        "num_steps": 100,
        "best_step": 75,
        "train_loss": 0.4,
        "start_loss": 0.7,
        "valid_loss": 0.5,
        "valid_error": 0.2,
    }
    weights = {
        name: torch.tensor(random.normal(size=value.shape), dtype=torch.float32)
        for name, value in start.items()
    }
    return Result(trial=trial, recipe=recipe, weights=weights, **{**reached, **values})


def outcome(
    data: Prepared, members: Sequence[Result] | None = None, search: RateSearch | None = None, **values: Any
) -> Outcome:
    """Return an outcome of two members, unless others are given."""
    chosen = [result(data, trial, SMALL.changed(seed=trial)) for trial in range(2)]
    members = chosen if members is None else members
    searched = [] if search is None else search.results
    trials = {one.trial: one for one in [*searched, *members]}
    phases = {one.trial: "recipe" if search is None else "seeds" for one in members}
    found: dict[str, Any] = {
        "network": network_of(data, members[0].recipe),
        "recipe": members[0].recipe,
        "search": search,
        "members": members,
        "trials": [trials[number] for number in sorted(trials)],
        "phases": phases | ({} if search is None else dict(search.phases)),
        "record": Record(),
        "interrupted": False,
    }
    return Outcome(**{**found, **values})


def constant_baseline(data: Prepared) -> Baseline:
    """Return the mean of the training target as a baseline."""
    mean = data.train.target.double().mean(0).numpy()
    return Baseline(
        "constant", "always the same", *(np.tile(mean, (len(d), 1)) for d in (data.valid, data.test))
    )
