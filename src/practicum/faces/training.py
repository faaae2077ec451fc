"""Training in Python: `fit` does what `practicum fit` does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from practicum.core.summary import Summary
from practicum.data.schema import Schema
from practicum.faces.request import make_request
from practicum.faces.run import Run, load
from practicum.recipe import Recipe

if TYPE_CHECKING:
    from practicum.experiment import Request


def fit(
    data: Any,
    *,
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
            its number of updates.
        seeds: members of the final committee [3.2-35].
        seed: where all random numbers start [3.2-34]; None: the recipe's, or 0.
        out: new folder for the run; "runs/<name>-<time>" without it.
        recipe: train this one and search nothing; a recipe, its fields, or a YAML file.
        schema: what the columns are; a schema, or a YAML file such as a run's ``schema.yaml``.
        group: rows with one value of this column stay in one part of the split.
        time: train on the past, test on the future of this column.
        device: where networks are trained: "auto" (a GPU if there is one), "cpu", "cuda", …
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
        seeds=seeds,
        seed=seed,
        out=out,
        recipe=recipe,
        schema=schema,
        group=group,
        time=time,
        device=device,
    )
    return load(_experiment(request, verbose=verbose).run)


def _experiment(request: Request, *, verbose: bool) -> Summary:
    """Return the summary of the experiment, with progress on stderr or without."""
    from practicum import experiment

    if not verbose:
        return experiment.fit(request)
    from practicum.faces.progress import Display

    with Display() as display:
        return experiment.fit(request, display.show)
