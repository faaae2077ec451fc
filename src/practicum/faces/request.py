"""From what users write (strings, paths, mappings) to the request that the experiment takes."""

from __future__ import annotations

import inspect
import operator
import time as clock
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, cast, get_args

from practicum.core.errors import ConfigError, nearest
from practicum.core.measures import check_metric
from practicum.faces.asked import batch_sizes_asked, check_nested, scientific_asked
from practicum.faces.budget import DEFAULT_BUDGET, parse_budget
from practicum.recipe import Recipe
from practicum.runs.folder import check_out
from practicum.runs.layout import UNFINISHED

if TYPE_CHECKING:
    from practicum.core.summary import Summary
    from practicum.data.dataset import Task as TaskName
    from practicum.data.schema import Schema
    from practicum.recipe.space import Space
    from practicum.request import Request


BESIDE_RECIPE = (
    "where `recipe` is given, since nothing is searched then",
    "Give a space whose other settings are the recipe's.",
)
BESIDE_REPLAY = ("with `replay`, which takes the run's", "Search anew to change it.")
"""Why a setting must be left out beside another, and what to do instead."""


def make_request(
    *,
    data: Any,
    target: str,
    test: Any = None,
    task: str = "auto",
    budget: str | float | None = None,
    trials: int | None = None,
    seeds: int = 5,
    seed: int | None = None,
    folds: int | None = None,
    nested: int | None = None,
    space: Space | Mapping[str, Any] | str | Path | None = None,
    scientific: str | Sequence[str] | None = None,
    batch_sizes: str | Sequence[int] | None = None,
    grid: bool = False,
    sampler: str = "zoom",
    diagnosis: bool = True,
    metric: str = "error",
    replay: str | Path | None = None,
    storage: str | Path | None = None,
    resume: str | Path | None = None,
    out: str | Path | None = None,
    recipe: Recipe | Mapping[str, Any] | str | Path | None = None,
    schema: Schema | str | Path | None = None,
    group: str | None = None,
    time: str | None = None,
    device: str = "auto",
    workers: int | None = None,
    started: float | None = None,
) -> Request:
    """Return the request, every setting checked; the data are read later.

    Args:
        data: path of a table, or a table in memory.
        target: column to predict.
        test: the same for testing; None keeps rows of ``data`` for that.
        task: "auto", "binary", "multiclass" or "regression".
        budget: time for everything, e.g. "60s", "10m", or seconds. None: :data:`DEFAULT_BUDGET`, or no limit for a
            recipe that says its number of updates, for a number of trials, and for a run that is repeated.
        trials: settings to try; None: as many as the time allows.
        seeds: trainings of each finalist [3.2-35].
        seed: where all random numbers start [3.2-34]; None: the recipe's, or 0.
        folds: parts for cross-validation, 1 for a hold-out set; None: by the number of rows [3-03].
        nested: outer folds of nested cross-validation, each with an equal part of time or trials; None: a test set.
        space: what the search varies: a space, its mapping, a preset's name or a YAML file; None: by the time.
        scientific: entries of the space that are asked about: does it matter?
        batch_sizes: sizes to compare at equal time, "auto", "off"; None: where the time allows it.
        grid: draw a small grid around the winner.
        sampler: the strategy that proposes settings.
        diagnosis: let trials that are hopeless leave early, with the reason.
        metric: what is minimised on validation rows.
        replay: folder of a run that is repeated, to the bit.
        storage: where the study is kept while it grows: a file, or a database's URL.
        resume: folder that a run was to have when it was killed; go on with it.
        out: new folder for the run.
        recipe: train this one and search nothing; a recipe, its fields, or a YAML file.
        schema: what the columns are; a schema or a YAML file.
        group: rows with one value of this column stay in one part of the split.
        time: train on the past, test on the future of this column.
        device: where networks are trained: "auto", "cpu", "cuda", …
        workers: packs trained side by side; None: one per core.
        started: when the budget began, in seconds of ``time.monotonic``; None is now.

    Raises:
        ConfigError: if a setting cannot work.
        RecordError: if the schema cannot be read.
    """
    # The cheap checks come before the imports below, which take seconds.
    began = clock.monotonic() if started is None else started
    budget_seconds = None if budget is None else parse_budget(budget)
    seeds = whole("seeds", seeds, 1)
    given_seed = None if seed is None else whole("seed", seed, None)
    out = None if out is None else Path(out)
    num_trials = None if trials is None else whole("trials", trials, 1)
    num_folds = None if folds is None else whole("folds", folds, 1)
    num_workers = None if workers is None else whole("workers", workers, 1)
    num_outer = None if nested is None else whole("nested", nested, 2)
    check_nested(num_outer, num_trials, time)
    if resume is not None:
        out = _resumed(Path(resume), out)
    if out is not None:
        check_out(out)
    recipe = _recipe(recipe)
    searching = {
        "trials": trials,
        "space": space,
        "sampler": sampler,
        "scientific": scientific,
        "batch_sizes": batch_sizes,
        "diagnosis": diagnosis,
    }
    if recipe is not None:
        others = {**searching, "grid": grid, "replay": replay, "storage": storage}
        _check_left_out(others, *BESIDE_RECIPE)
    endless = recipe is not None and recipe.num_steps is not None
    if budget is None and not endless and trials is None and replay is None:
        budget_seconds = parse_budget(DEFAULT_BUDGET)
    known_task = _task(task)
    check_metric(metric, known_task)
    decisions: Mapping[str, Any] | None = None
    outer_decisions: tuple[Mapping[str, Any], ...] = ()
    if replay is not None:
        limits = {"budget": budget, "folds": folds, "seeds": seeds}
        alike = {"seed": given_seed, "nested": num_outer, "metric": metric, "grid": grid}
        repeated = _repeated(replay, {**searching, **limits, **alike})
        given_seed, metric, grid = repeated.split.seed or 0, repeated.metric, _drew_grid(repeated)
        decisions = repeated.decisions
        if repeated.search is None:
            recipe = _decided(repeated.decisions)
        if repeated.nested is not None:
            num_outer = repeated.nested.num_folds
            outer_decisions = tuple(fold.decisions for fold in repeated.nested.folds)
    if given_seed is None:
        given_seed = 0 if recipe is None else recipe.seed
    from practicum.request import Request
    from practicum.tuning.samplers.table import known_sampler

    known_space = _space(space)
    return Request(
        data=data,
        target=target,
        test=test,
        task=known_task,
        budget_seconds=budget_seconds,
        num_trials=num_trials,
        num_seeds=seeds,
        num_folds=num_folds,
        num_outer=num_outer,
        seed=given_seed,
        out=out,
        resume=resume is not None,
        recipe=recipe,
        space=known_space,
        scientific=scientific_asked(scientific, known_space),
        batch_sizes=batch_sizes_asked(batch_sizes),
        grid=bool(grid),
        sampler=known_sampler(sampler),
        diagnosis=bool(diagnosis),
        decisions=decisions,
        outer_decisions=outer_decisions,
        metric=metric,
        storage=None if storage is None else str(storage),
        schema=_schema(schema),
        group=group,
        time=time,
        device=device,
        num_workers=num_workers,
        started=began,
    )


def _check_left_out(others: Mapping[str, Any], why: str, way_out: str) -> None:
    """Refuse whatever is given of the settings ``others``, which would say nothing."""
    usual = inspect.signature(make_request).parameters
    for name, value in others.items():
        if value is not None and value != usual[name].default:
            raise ConfigError(
                f"`{name}` must be left out {why}, but got {name}={value}. {way_out}", **{name: value}
            )


def _space(space: Space | Mapping[str, Any] | str | Path | None) -> Space | str | None:
    """Return the space: from a mapping or a file if need be; a preset's name as it is."""
    if space is None:
        return None
    from practicum.faces.space import is_preset, space_of

    if is_preset(space):
        return str(space)
    found = space_of(space)
    if not found.entries:
        raise ConfigError(
            "`space` must vary at least one setting, but all in it are fixed. Give one of them a range, or train it "
            "with `recipe`."
        )
    return found


def _repeated(run: str | Path, others: Mapping[str, Any]) -> Summary:
    """Return what is known of the run to be repeated; refuse ``others`` that say something else than it does."""
    from practicum.runs.opening import open_run

    summary = open_run(run).summary
    known = {
        "seed": summary.split.seed,
        "nested": None if summary.nested is None else summary.nested.num_folds,
        "metric": summary.metric,
        "grid": _drew_grid(summary),
    }
    _check_left_out({k: value for k, value in others.items() if value != known.get(k)}, *BESIDE_REPLAY)
    return summary


def _drew_grid(summary: Summary) -> bool:
    """Return whether a run, or one of its outer folds, drew a small grid."""
    folds = () if summary.nested is None else summary.nested.folds
    return any(one.decisions.get("grid_steps") is not None for one in (summary, *folds))


def _decided(decisions: Mapping[str, Any]) -> Recipe:
    """Return the recipe that a run was given, as it was decided to be trained."""
    from practicum.tuning.effort import repeated

    return repeated(decisions).space.base


def _resumed(run: Path, out: Path | None) -> Path:
    """Return where a run that goes on will lie."""
    if out is not None and out != run:
        raise ConfigError(
            f"`out` must be left out with `resume`, which names the run's folder, but got out={out} and resume={run}.",
            out=out,
            resume=run,
        )
    return Path(str(run).removesuffix(UNFINISHED))


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


def whole(name: str, value: SupportsIndex, low: int | None) -> int:
    """Return ``value`` as an int, or raise unless it is a whole number ≥ ``low``."""
    number = None if isinstance(value, bool) or not hasattr(value, "__index__") else operator.index(value)
    if number is None or (low is not None and number < low):
        condition = "a whole number" + ("" if low is None else f" >= {low}")
        raise ConfigError(f"`{name}` must be {condition}, but got {name}={value}.", **{name: value})
    return number
