"""Training in Python: `fit` does what `practicum fit` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from practicum.core.summary import Summary
from practicum.data.schema import Schema
from practicum.faces.request import make_request
from practicum.faces.run import Run, load
from practicum.recipe import Recipe

if TYPE_CHECKING:
    from practicum.recipe.space import Space
    from practicum.request import Request


def fit(
    data: Any,
    *,
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
    scientific: Sequence[str] | None = None,
    batch_sizes: Sequence[int] | str | None = None,
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
    verbose: bool = False,
) -> Run:
    """Return a run: a network trained on a table, tuned within a time budget, tested once, and saved.

    The same as ``practicum fit`` on the command line. Ctrl-C ends training; the best so far is saved and returned.

    Args:
        data: path of a table (CSV, Parquet, Arrow, NPZ, …), or one in memory (pandas, polars, pyarrow, NumPy,
            a dict of columns).
        target: column to predict.
        test: like ``data``, to test on; without it, rows of ``data`` are kept for that.
        task: "auto", "binary", "multiclass" or "regression".
        budget: time for everything: "60s", "10m", "1.5h", or seconds. None: 60 s, or no limit for a recipe that says
            its number of updates, for a number of trials, and for a run that is repeated.
        trials: settings to try; None: as many as the time allows.
        seeds: trainings of each of the best few settings [3.2-35].
        seed: where all random numbers start [3.2-34]; None: the recipe's, or 0.
        folds: parts for cross-validation, 1 for a hold-out set; None: 5 where rows are few [3-03].
        nested: folds of an outer loop that tests the whole procedure on every row, each with a search of its own,
            instead of once on rows kept for that: for small data. Time or trials are divided among them [3-03].
        space: what the search varies: a :class:`practicum.Space`, its mapping, a preset's name or a YAML file; None:
            the preset "default", or for very little time "small".
        scientific: names of settings of which the summary shall say whether they matter [3.4-07].
        batch_sizes: sizes to compare at equal time [3.1-08], "auto" for some around the search's, or "off"; None:
            "auto" where there is time enough.
        grid: draw a small grid around the best, over the two settings that matter most [3.4-07].
        sampler: the strategy: "zoom", "quasi-random", "random", "grid", "coordinate", "tpe", "gp" or "cmaes".
        diagnosis: let trials that a diagnosis calls hopeless leave early; the best tenth is protected.
        metric: what is minimised on validation rows: "error", "balanced_error", "log_loss", "auc", "f1", "rmse", "mae".
        replay: folder of a finished run that is repeated, to the bit, without a clock.
        storage: where the Optuna study is kept while it grows: a journal file, or a database's URL.
        resume: the folder that a run was to have when it was killed; goes on with it.
        out: new folder for the run; "runs/<name>-<time>" without it.
        recipe: train this one and search nothing; a recipe, its fields, or a YAML file.
        schema: what the columns are; a schema, or a YAML file such as a run's ``schema.yaml``.
        group: rows with one value of this column stay in one part of the split.
        time: train on the past, test on the future of this column.
        device: where networks are trained: "auto" (a GPU if there is one), "cpu", "cuda", …
        workers: packs trained side by side; one per core by default.
        verbose: show progress on stderr.

    Raises:
        ConfigError, DataError: if the settings or the data cannot be used.
        DivergedError: if no setting could be trained.

    Example:
        >>> import numpy as np
        >>> x = np.linspace(-1, 1, 120)
        >>> run = fit({"x": x, "y": 3 * x}, target="y", recipe={"num_steps": 50}, seeds=1, budget="5s")
        >>> run.predict({"x": [0.5]}).shape
        (1,)
    """
    request = make_request(
        data=data,
        target=target,
        test=test,
        task=task,
        budget=budget,
        trials=trials,
        seeds=seeds,
        seed=seed,
        folds=folds,
        nested=nested,
        space=space,
        scientific=scientific,
        batch_sizes=batch_sizes,
        grid=grid,
        sampler=sampler,
        diagnosis=diagnosis,
        metric=metric,
        replay=replay,
        storage=storage,
        resume=resume,
        out=out,
        recipe=recipe,
        schema=schema,
        group=group,
        time=time,
        device=device,
        workers=workers,
    )
    return load(_experiment(request, verbose=verbose).run)


def _experiment(request: Request, *, verbose: bool) -> Summary:
    """Return the summary of the experiment, with progress on stderr or without."""
    from practicum import nested

    if not verbose:
        return nested.fit(request)
    from practicum.faces.progress import Display

    with Display() as display:
        return nested.fit(request, display.show)
