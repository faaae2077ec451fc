"""`practicum.search`: the chapter's procedure over the hyper-parameters of a user's own module."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from practicum.core.errors import ConfigError, DataError, DivergedError
from practicum.faces.budget import parse_budget
from practicum.faces.own import VALID_FRACTION, task_of, workers_of
from practicum.faces.request import whole
from practicum.faces.space import is_preset, space_of
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_ends, check_own_module

if TYPE_CHECKING:
    from torch import Tensor, nn

    from practicum.data.tree import Tree
    from practicum.engine.clock import Clock
    from practicum.faces.search_result import SearchResult
    from practicum.recipe.space import Space
    from practicum.training.lift.task import ModelTask
    from practicum.tuning.demand import Demand
    from practicum.tuning.own import Searched
    from practicum.tuning.study import Store

OF_TABLES = (
    "preprocess",
    "tails",
    "pca_variance",
    "categories",
    "num_folds",
    "fold",
    "bagging",
    "input_fraction",
    "init_distribution",
    "init_range",
)
"""Settings that act on a table, or on our own network; a module of the user's own sees the rows that are given."""


def search(
    build: Callable[[Recipe], nn.Module],
    data: Tree,
    *,
    loss: str | Callable[..., Tensor],
    error: Callable[..., Tensor] | None = None,
    valid: Tree | float = VALID_FRACTION,
    space: Space | Mapping[str, Any] | str | Path,
    budget: str | float | None = None,
    trials: int | None = None,
    seeds: int = 5,
    sampler: str = "zoom",
    seed: int = 0,
    recipe: Recipe | Mapping[str, Any] | None = None,
    storage: str | Path | None = None,
    folder: str | Path | None = None,
    device: str = "auto",
    workers: int | None = None,
    verbose: bool = False,
) -> SearchResult:
    """Return the best setting of your own module, how sure that is, and everything that was tried.

    Many settings are begun, in packs that train as one program; at rungs the weaker leave; the best few are trained
    again on the same seeds, and the best mean wins. Each trial has the numbers that it would have had alone (to
    rounding).

    Args:
        build: returns the untrained module of one trial from its recipe, as for :func:`practicum.train`; your own
            settings come in ``recipe.model``.
        data: training rows: a tensor, or a nested dict of tensors, whose first axis counts examples.
        loss: a named loss or a function, as for :func:`practicum.train`.
        error: what is minimised on the validation rows, as ``loss``; without it the named loss's error, or the loss.
        valid: validation rows of the same form, or the fraction of ``data`` to keep for that, drawn by seed 0.
        space: what is varied: a :class:`practicum.Space`, its mapping, a preset's name or a YAML file. Your own
            settings are called ``"model.width"`` and the like. Of a preset only what acts on your module is varied.
        budget: time for everything, "60s", "10m" or seconds; either this or ``trials``.
        trials: settings to try; the same call then gives the same result, whatever the number of workers.
        seeds: trainings of each of the best three [3.2-35].
        sampler: the strategy: "zoom", "quasi-random", "random", "grid", "coordinate", "tpe", "gp" or "cmaes".
        seed: where all random numbers start.
        recipe: everything that is not varied. Its ``num_steps`` is the length of every trial; without it the time, or
            the number of rows, decides.
        storage: where the Optuna study is kept: a journal file, or a database's URL; none without it.
        folder: keep checkpoints here; the same call goes on where an interrupted one stopped.
        device: "auto" (a GPU if there is one), "cpu", "cuda", "cuda:1", …
        workers: packs trained side by side; one per core by default.
        verbose: show progress on stderr.

    Raises:
        ConfigError: if a setting, the space or the module cannot work.
        DataError, ShapeError: if the data, or what ``loss`` returns, cannot be used.
        DivergedError: if every trial diverged, also at lower rates.
        RecordError: if ``folder`` holds another search.
        KeyboardInterrupt: if Ctrl-C came before anything was reached; later it returns the best so far.

    Source:
        Bengio 2012, sections 3.3 and 3.4.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> x = torch.linspace(-1, 1, 200)[:, None]
        >>> def build(recipe):
        ...     width = recipe.model["width"]
        ...     return nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))
        >>> space = {"learning_rate": {"log": [0.01, 1]}, "model.width": {"choice": [4, 16]}}
        >>> found = search(build, {"x": x, "y": x**2}, loss="squared_error", space=space, trials=8, seeds=2,
        ...                recipe={"num_steps": 100}, workers=1)
        >>> len(found.trials), found.best.module()(x).shape
        (8, torch.Size([200, 1]))
    """
    started = time.monotonic()
    seconds, base = _seconds(budget, trials), _base(recipe)
    num_trials = None if trials is None else whole("trials", trials, 1)
    num_seeds, first_seed = whole("seeds", seeds, 1), whole("seed", seed, 0)
    from practicum.engine.device import device_called
    from practicum.tuning.demand import Demand
    from practicum.tuning.samplers.table import known_sampler

    strategy, num_workers = known_sampler(sampler), workers_of(workers)

    task = task_of(build, data, valid, loss, error, device_called(device))
    searched = _space(space, base, task)
    demand = Demand(
        num_train=task.num_train,
        num_trials=num_trials,
        num_seeds=num_seeds,
        num_steps=searched.base.num_steps,
        batch_size=searched.base.batch_size,
        sampler=strategy,
        num_workers=num_workers,
    )
    where = None if folder is None else Path(folder)
    with ExitStack() as stack:
        clock = _clock(stack, started, seconds, verbose=verbose)
        store = _store(stack, storage, where)
        found = _searched(task, searched, demand, clock, first_seed, where, store)
    for note in found.notes:
        warnings.warn(note, stacklevel=2)
    from practicum.faces.search_result import result_of

    return result_of(found, task)


def _seconds(budget: str | float | None, trials: int | None) -> float:
    """Return the time that there is, in seconds; ``inf`` where a number of trials is given."""
    if (budget is None) == (trials is None):
        got = "neither" if budget is None else f"budget={budget} and trials={trials}"
        raise ConfigError(
            f'One of `budget` and `trials` must be given, but got {got}. Give budget="10m" for a time, or trials=64 '
            "for a number that gives the same result each time.",
            budget=budget,
            trials=trials,
        )
    return math.inf if budget is None else parse_budget(budget)


def _base(recipe: Recipe | Mapping[str, Any] | None) -> Recipe | None:
    known = recipe if recipe is None or isinstance(recipe, Recipe) else Recipe.from_mapping(recipe)
    if known is not None:
        check_ends(known, "the recipe", unlimited=False)
    return known


def _space(given: Space | Mapping[str, Any] | str | Path, base: Recipe | None, task: ModelTask) -> Space:
    """Return the space, without what would change nothing in the module."""
    from practicum.tuning.own import idle_entries, probes_of

    space, ready_made = space_of(given, base, task.num_train), is_preset(given)
    useless = [name for name in space.names if name in OF_TABLES]
    if useless and not ready_made:
        raise ConfigError(
            f"`{useless[0]}` must be left out of the space of a module of your own, which sees the rows that you give. "
            "Prepare rows and inputs yourself, in `data` or in `build`.",
            name=useless[0],
        )
    if useless:
        space = space.without(*useless)
    for recipe in probes_of(space):
        check_own_module(recipe, "a recipe of the space")
    idle = idle_entries(task, space)
    if idle and ready_made:
        space = space.without(*idle)
    elif idle:
        warnings.warn(
            f"`build` does not read {', '.join(idle)}: whatever the space says of it changes nothing.",
            stacklevel=3,
        )
    if not space.entries:
        raise ConfigError("`space` must vary something that acts on the module, but got nothing that does.")
    return space


def _asked(space: Space, demand: Demand, seconds: float, seed: int) -> dict[str, Any]:
    """Return what must be the same when a search goes on, beside the data and the functions."""
    return {
        "space": space.as_mapping(),
        "recipe": space.base.model_dump(mode="json"),
        "budget": None if math.isinf(seconds) else seconds,
        "trials": demand.num_trials,
        "seeds": demand.num_seeds,
        "sampler": demand.sampler,
        "seed": seed,
    }


def _store(stack: ExitStack, storage: str | Path | None, folder: Path | None) -> Store | None:
    """Return where finished settings are told to; a search with a folder goes on with its own study."""
    if storage is None:
        return None
    from practicum.tuning.study import Store

    if folder is None:
        name = f"search-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    else:
        place = blake2b(str(folder.resolve()).encode(), digest_size=4).hexdigest()
        name = f"{folder.name}-{place}"
    return stack.enter_context(Store.open(str(storage), name, resume=folder is not None))


def _clock(stack: ExitStack, started: float, seconds: float, *, verbose: bool) -> Clock:
    """Return the budget, running, with progress on stderr or without."""
    from practicum.engine.clock import Clock

    if not verbose:
        return Clock(started, seconds)
    from practicum.faces.progress import Display

    return Clock(started, seconds, stack.enter_context(Display()).show)


def _searched(
    task: ModelTask,
    space: Space,
    demand: Demand,
    clock: Clock,
    seed: int,
    folder: Path | None,
    store: Store | None,
) -> Searched:
    """Search; where everything diverged since the data have holes, say that."""
    from practicum.data.tree import holds_nan
    from practicum.tuning.own import search_module

    asked = _asked(space, demand, clock.budget_seconds, seed)
    try:
        return search_module(task, space, demand, clock, seed=seed, asked=asked, folder=folder, store=store)
    except DivergedError as error:
        if holds_nan(task.train) or holds_nan(task.valid):
            raise DataError(
                "`data` must hold no missing values that the loss can see, but all trials diverged and there are nan "
                "in it. Look for them with torch.isnan.",
                **error.values,
            ) from None
        raise
