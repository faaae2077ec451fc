"""The settings of a finished run as its search saw them, read back from the summary: what every later answer needs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from practicum.core.errors import ConfigError
from practicum.core.estimates.rough import Doubt, doubt_of
from practicum.core.found import Search
from practicum.core.summary import Summary, Trial
from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.tuning.trial import Tried


def search_of_run(summary: Summary) -> Search:
    """Return the search of a run.

    Raises:
        ConfigError: if it made none.
    """
    if summary.search is None:
        raise ConfigError(
            f"`run` must be one that searched, but {summary.run} trained a given recipe. Run `practicum fit` without "
            "`recipe`.",
            run=summary.run,
        )
    return summary.search


def space_of_run(summary: Summary) -> Space:
    """Return the space that a run searched, as it was at the end.

    Raises:
        ConfigError: if it searched none.
    """
    search = search_of_run(summary)
    base = summary.decisions.get("base")
    return Space.from_mapping(search.space, Recipe.from_mapping(base) if base else None, source=summary.run)


def tried_of_run(summary: Summary) -> list[Tried]:
    """Return all settings that a run's search tried, by number; the error is the mean over folds.

    Raises:
        ConfigError: if it searched nothing.
    """
    num_folds = search_of_run(summary).num_folds
    settings: dict[int, list[Trial]] = {}
    for trial in sorted(summary.search_trials, key=lambda one: one.number):
        settings.setdefault(trial.number // num_folds, []).append(trial)
    sizes = summary.rows.valid_sizes or (summary.rows.valid,)
    doubt = doubt_of(summary.metric, summary.task, sizes)
    return [_tried(number, some, num_folds, doubt) for number, some in settings.items()]


def _tried(number: int, trials: Sequence[Trial], num_folds: int, doubt: Doubt) -> Tried:
    """Return one setting; a fold that was never begun leaves it without an error."""
    errors = [_number(trial.valid_error) for trial in trials]
    error = float(np.mean(errors)) if len(trials) == num_folds else math.inf
    return Tried(
        number=number,
        values={name: _value(value) for name, value in trials[0].values.items()},
        error=error,
        cost=sum(trial.seconds for trial in trials),
        age=max(trial.num_steps * (trial.batch_size or 0) for trial in trials),
        phase=trials[0].phase,
        diverged=any(trial.status in ("diverged", "failed") for trial in trials),
        halted=any(trial.status == "halted" for trial in trials),
        standard_error=doubt(error, num_folds),
        seed=trials[0].seed,
        loss=_mean([trial.valid_loss for trial in trials]),
        near_error=_mean([trial.near_error for trial in trials]),
    )


def _mean(values: Sequence[float | None]) -> float:
    """Return the mean over folds, ``nan`` where one is not known."""
    return float(np.mean([math.nan if value is None else value for value in values]))


def _number(value: float | None) -> float:
    return math.inf if value is None else value


def _value(value: object) -> object:
    """Return a value as the space has it: JSON knows no tuples."""
    return tuple(value) if isinstance(value, list) else value
