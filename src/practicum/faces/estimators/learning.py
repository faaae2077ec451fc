"""What happens in ``fit``: from an estimator's settings and its observations to a committee."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from joblib import effective_n_jobs
from joblib.parallel import get_active_backend

from practicum import experiment
from practicum.core.errors import ConfigError
from practicum.core.measuring import check_measurable
from practicum.data.given import is_held_out, prepare_given
from practicum.data.observations import Observations
from practicum.data.pipeline import Loaded
from practicum.data.schema import Schema
from practicum.data.table import Table
from practicum.engine.clock import Clock, ignore
from practicum.faces.progress import Display
from practicum.faces.request import make_request
from practicum.recipe import Recipe
from practicum.recipe.following import following

if TYPE_CHECKING:
    from practicum.report.assemble import Learned
    from practicum.request import Request

FEW_ROWS = 1000
"""With no more rows, a search that no clock ends is over before other processes have begun."""


def request_of(settings: Mapping[str, Any], schema: Schema, num_rows: int) -> Request:
    """Return the request that an estimator's settings make.

    Args:
        settings: the estimator's parameters, by name.
        schema: of the table.
        num_rows: of the table.

    Raises:
        ConfigError: if a setting cannot work.
    """
    names = ("budget", "trials", "space", "sampler", "metric", "seeds", "folds", "recipe", "device")
    request = make_request(
        data=None,
        target=schema.target,
        task=schema.task,
        seed=seed_of(settings["random_state"]),
        **{name: settings[name] for name in names},
    )
    quick = request.budget_seconds is None and num_rows <= FEW_ROWS
    return replace(request, num_workers=workers_of(settings["n_jobs"], quick=quick))


def learn(request: Request, observed: Observations, schema: Schema, *, verbose: bool) -> Learned:
    """Do the whole procedure on all observations and return what came out.

    Raises:
        ConfigError, DataError: if the settings or the data cannot be used.
        DivergedError: if no setting could be trained.
    """
    if request.recipe is not None:
        experiment.check_recipe(request)
    recipe = starting_recipe(request.recipe, observed.frame, schema.target, request.metric)
    with ExitStack() as stack:
        report = stack.enter_context(Display()).show if verbose else ignore
        clock = Clock(request.started, request.budget_seconds or math.inf, report)
        clock.enter("preparing")
        data = prepare_given(observed, schema, recipe, request.seed)
        check_measurable(request.metric, schema.task, data.valid.target.numpy())
        if not is_held_out(data):
            request = replace(request, num_folds=1)
        return experiment.learn_prepared(request, recipe, data, clock)


def starting_recipe(recipe: Recipe | None, frame: pl.DataFrame, target: str, metric: str) -> Recipe:
    """Return the recipe that was given, or the guide's for such columns."""
    is_pixels = Loaded(Table(frame, "X"), target, None).is_pixels
    return following(recipe or experiment.default_recipe(is_pixels), metric)


def seed_of(random_state: Any) -> int:
    """Return the seed that scikit-learn's ``random_state`` stands for; None is 0, so that nothing depends on chance.

    Raises:
        ConfigError: if it is neither None, a whole number nor a ``numpy.random.RandomState``.

    Example:
        >>> seed_of(None), seed_of(np.int64(7))
        (0, 7)
    """
    if random_state is None:
        return 0
    if isinstance(random_state, np.random.RandomState):  # the caller's own generator, not the global one
        return int(random_state.randint(2**31 - 1))
    if isinstance(random_state, int | np.integer) and not isinstance(random_state, bool):
        return int(random_state)
    raise ConfigError(
        f"`random_state` must be None, a whole number or a RandomState, but got random_state={random_state!r}. Use 0.",
        random_state=random_state,
    )


def workers_of(n_jobs: Any, *, quick: bool) -> int | None:
    """Return how many packs to train side by side: as asked for; else one inside somebody else's parallel loop.

    Args:
        n_jobs: as in scikit-learn: −1 for all cores; None leaves it to us.
        quick: whether the work is too little to share.

    Returns:
        A number, or None for one per core.

    Raises:
        ConfigError: if it is 0 or no whole number.
    """
    if n_jobs is None:
        nested = getattr(get_active_backend()[0], "nesting_level", 0)
        return 1 if quick or nested else None
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int | np.integer) or n_jobs == 0:
        raise ConfigError(
            f"`n_jobs` must be a whole number other than 0, or None, but got n_jobs={n_jobs!r}. Use -1 for all cores.",
            n_jobs=n_jobs,
        )
    return int(effective_n_jobs(int(n_jobs)))


def trials_frame(learned: Learned | None) -> pl.DataFrame:
    """Return a row for each setting that the search tried: number, phase, error, what it cost, and its values."""
    found = [] if learned is None or learned.hunt is None else learned.hunt.found.tried
    tried = [one for one in found if one.age]  # the others were asked for and never begun
    columns: dict[str, list[Any]] = {
        name: [getattr(one, name) for one in tried]
        for name in ("number", "phase", "error", "standard_error", "cost", "age", "diverged", "halted")
    }
    names = dict.fromkeys(name for one in tried for name in one.values)
    columns |= {name: [one.values.get(name) for one in tried] for name in names if name not in columns}
    return pl.DataFrame([pl.Series(name, values, strict=False) for name, values in columns.items()])
