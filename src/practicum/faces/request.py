"""From what users write (strings, paths, mappings) to the request that the experiment takes."""

from __future__ import annotations

import operator
import time as clock
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, cast, get_args

from practicum.core.errors import ConfigError, nearest
from practicum.faces.budget import DEFAULT_BUDGET, parse_budget
from practicum.recipe import Recipe
from practicum.runs.folder import check_out

if TYPE_CHECKING:
    from practicum.data.dataset import Task as TaskName
    from practicum.data.schema import Schema
    from practicum.experiment import Request


def make_request(
    *,
    data: Any,
    target: str,
    test: Any = None,
    task: str = "auto",
    budget: str | float | None = None,
    seeds: int = 5,
    seed: int | None = None,
    out: str | Path | None = None,
    recipe: Recipe | Mapping[str, Any] | str | Path | None = None,
    schema: Schema | str | Path | None = None,
    group: str | None = None,
    time: str | None = None,
    device: str = "auto",
    started: float | None = None,
) -> Request:
    """Return the request, every setting checked; the data are read later.

    Args:
        data: path of a table, or a table in memory.
        target: column to predict.
        test: the same for testing; None keeps rows of ``data`` for that.
        task: "auto", "binary", "multiclass" or "regression".
        budget: time for everything, e.g. "60s", "10m", or seconds. None: :data:`DEFAULT_BUDGET`, or no limit for a
            recipe that says its number of updates.
        seeds: members of the final committee [3.2-35].
        seed: where all random numbers start [3.2-34]; None: the recipe's, or 0.
        out: new folder for the run.
        recipe: train this one and search nothing; a recipe, its fields, or a YAML file.
        schema: what the columns are; a schema or a YAML file.
        group: rows with one value of this column stay in one part of the split.
        time: train on the past, test on the future of this column.
        device: where networks are trained: "auto", "cpu", "cuda", …
        started: when the budget began, in seconds of ``time.monotonic``; None is now.

    Raises:
        ConfigError: if a setting cannot work.
        RecordError: if the schema cannot be read.
    """
    # The cheap checks come before the imports below, which take seconds.
    began = clock.monotonic() if started is None else started
    budget_seconds = None if budget is None else parse_budget(budget)
    seeds = _whole("seeds", seeds, 1)
    given_seed = None if seed is None else _whole("seed", seed, None)
    out = None if out is None else Path(out)
    if out is not None:
        check_out(out)
    recipe = _recipe(recipe)
    if budget is None and (recipe is None or recipe.num_steps is None):
        budget_seconds = parse_budget(DEFAULT_BUDGET)
    if given_seed is None:
        given_seed = 0 if recipe is None else recipe.seed
    known_task = _task(task)
    from practicum.experiment import Request

    return Request(
        data=data,
        target=target,
        test=test,
        task=known_task,
        budget_seconds=budget_seconds,
        num_seeds=seeds,
        seed=given_seed,
        out=out,
        recipe=recipe,
        schema=_schema(schema),
        group=group,
        time=time,
        device=device,
        started=began,
    )


def _recipe(recipe: Recipe | Mapping[str, Any] | str | Path | None) -> Recipe | None:
    """Return the recipe, from a file or from its fields if need be."""
    if recipe is None or isinstance(recipe, Recipe):
        return recipe
    return Recipe.load(recipe) if isinstance(recipe, str | Path) else Recipe.from_mapping(recipe)


def _schema(schema: Schema | str | Path | None) -> Schema | None:
    """Return the schema, from a file if need be."""
    if isinstance(schema, str | Path):
        from practicum.data.schema import Schema

        return Schema.load(Path(schema))
    return schema


def _task(task: str) -> TaskName | Literal["auto"]:
    """Return ``task`` if it is known."""
    from practicum.data.dataset import Task

    if task != "auto" and task not in get_args(Task):
        known = ("auto", *get_args(Task))
        raise ConfigError(
            f"`task` must be one of {', '.join(known)}, but got task={task}.{nearest(str(task), known)}",
            task=task,
        )
    return cast("TaskName", task)


def _whole(name: str, value: SupportsIndex, low: int | None) -> int:
    """Return ``value`` as an int, or raise unless it is a whole number ≥ ``low``."""
    number = None if isinstance(value, bool) or not hasattr(value, "__index__") else operator.index(value)
    if number is None or (low is not None and number < low):
        condition = "a whole number" + ("" if low is None else f" >= {low}")
        raise ConfigError(f"`{name}` must be {condition}, but got {name}={value}.", **{name: value})
    return number
