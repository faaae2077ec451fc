"""A learnable table, prepared; and what an experiment learns from it, made without training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import torch

from practicum.core.estimates.rough import doubt_of
from practicum.core.record import Record
from practicum.data.pipeline import Prepared, load, prepare
from practicum.data.preparations import Preparations
from practicum.engine.result import Result
from practicum.engine.tasks import network_of
from practicum.models.baselines import Baseline
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.recipe import Recipe
from practicum.recipe.space import Entry, Log, Space
from practicum.report.assemble import Learned
from practicum.request import Request
from practicum.runs.committee import Committee
from practicum.runs.elect import Elected
from practicum.tuning.effort import Effort
from practicum.tuning.finals import Finalist
from practicum.tuning.lengths import by_data
from practicum.tuning.procedure import Hunt
from practicum.tuning.search import End, Found
from practicum.tuning.setting import Setting, tried_of

TASKS = ("binary", "multiclass", "regression")
INPUTS = ("size", "width", "shop")
SMALL = Recipe(hidden_sizes=(6,), learning_rate=0.1)
RATES = Space((Entry("learning_rate", Log(1e-4, 1.0)),), SMALL)
"""A space of rates alone, around the small recipe."""


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


def result(data: Prepared | Preparations, trial: int, recipe: Recipe = SMALL, **values: Any) -> Result:
    """Return a result with random weights, drawn from the number of the trial."""
    random = np.random.default_rng(trial)
    known = data if isinstance(data, Preparations) else Preparations(data)
    start = initial_parameters(network_of(known.of(recipe), recipe), seed=0)
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
    return Result(**{"trial": trial, "recipe": recipe, "weights": weights, **reached, **values})


def finalist(
    *results: Result | tuple[Result, ...], number: int = -1, values: dict[str, Any] | None = None
) -> Finalist:
    """Return a finalist of these trainings, one a seed, or as many as there are folds."""
    seeds = tuple(one if isinstance(one, tuple) else (one,) for one in results)
    return Finalist(number, values or {}, seeds[0][0].recipe, seeds)


def setting(number: int, *results: Result, phase: str = "wide", **values: Any) -> Setting:
    """Return what was tried, with these trainings by fold; the rate is among its values."""
    recipe = results[0].recipe
    values = {"learning_rate": recipe.learning_rate, **values}
    return Setting(
        tried_of(number, values, results, doubt_of("error", "binary", (30,)), phase=phase), recipe, results
    )


def hunt(
    settings: Sequence[Setting], space: Space = RATES, end: End = "all tried", saved: int = 0, **values: Any
) -> Hunt:
    """Return a search that tried ``settings``."""
    return Hunt(Found(list(settings), end, saved), space, **values)


def effort(space: Space = RATES, **values: Any) -> Effort:
    """Return what a search might do, decided by the number of trials."""
    given: dict[str, Any] = {"sampler": "zoom", "num_folds": 1, "num_seeds": 2, "lengths": by_data(100, 16)}
    return Effort(space=space, **{**given, **values})


def elected(data: Prepared, results: Sequence[Result], votes: Sequence[int] | None = None) -> Elected:
    """Return a committee of all ``results``, whatever the validation rows say."""
    members = [MLP(network_of(data, one.recipe), one.weights) for one in results]
    preparation = data.preparation
    scalings = [(preparation.target_mean, preparation.target_scale)]
    committee = Committee(members, votes=votes, scalings=scalings)
    valid = committee.predict(data.valid)
    return Elected(committee, tuple(results), (preparation,), (data.key,), data.split.valid, valid, 0.8)


def learned(
    data: Prepared,
    members: Sequence[Result] | None = None,
    hunted: Hunt | None = None,
    finalists: Sequence[Finalist] | None = None,
    **values: Any,
) -> Learned:
    """Return what an experiment learned: a committee of two members, unless others are given."""
    chosen = [result(data, 100 + seed, SMALL.changed(seed=seed)) for seed in range(2)]
    members = chosen if members is None else members
    finalists = [finalist(*members)] if finalists is None else finalists
    searched = {} if hunted is None else {one.trial: s for s in hunted.found.settings for one in s.results}
    begun = [one for s in (hunted.found.settings if hunted else ()) for one in s.results]
    finals = [one for each in finalists for folds in each.results for one in folds]
    trials = {one.trial: one for one in [*begun, *finals]}
    last = "recipe" if hunted is None else "seeds"
    phases = {
        trial: searched[trial].tried.phase.split()[0] if trial in searched else last for trial in trials
    }
    found: dict[str, Any] = {
        "request": Request(data=data.loaded.table.frame, target=data.loaded.target, seed=7),
        "data": Preparations(data),
        "baselines": (),
        "effort": effort(hunted.space if hunted else RATES),
        "hunt": hunted,
        "finalists": finalists,
        "elected": elected(data, members),
        "results": list(trials.values()),
        "phases": phases,
        "record": Record(),
        "interrupted": False,
    }
    return Learned(**{**found, **values})


def constant_baseline(data: Prepared) -> Baseline:
    """Return the mean of the training target as a baseline."""
    mean = data.train.target.double().mean(0).numpy()
    return Baseline(
        "constant", "always the same", *(np.tile(mean, (len(d), 1)) for d in (data.valid, data.test))
    )
