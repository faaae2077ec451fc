"""A setting that was tried: what a strategy is told of it, and the trainings behind that."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from practicum.core.record import Record
from practicum.engine.result import Result
from practicum.recipe import Recipe
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried

ErrorKind = Literal["fraction", "root", "square", "unknown"]
"""What a validation error is: by it, chance in the choice of rows is estimated."""


def error_kind_of(metric: str, task: str) -> ErrorKind:
    """Return what validation errors in ``metric`` are.

    Example:
        >>> error_kind_of("error", "regression"), error_kind_of("auc", "binary")
        ('root', 'unknown')
    """
    if task == "regression":
        return "root" if metric in ("error", "rmse") else "unknown"
    return "fraction" if metric in ("error", "balanced_error") else "unknown"


@dataclass(frozen=True, slots=True)
class Setting:
    """What was tried, and what training it gave: one result, or one a fold.

    Attributes:
        tried: as a strategy sees it.
        recipe: of its first training.
        results: of its trainings, by fold.
    """

    tried: Tried
    recipe: Recipe
    results: tuple[Result, ...]

    def without_weights(self) -> Setting:
        """Return it without what it takes to predict."""
        if not any(result.weights for result in self.results):
            return self
        return replace(self, results=tuple(replace(result, weights={}) for result in self.results))


def tried_of(
    number: int,
    values: Values,
    results: Sequence[Result],
    num_valid: int,
    curve: tuple[tuple[int, float], ...] = (),
    phase: str = "wide",
    kind: ErrorKind = "fraction",
) -> Tried:
    """Return what a strategy is told of a setting.

    Args:
        number: of the setting.
        values: of the space's entries.
        results: of its trainings, one a fold.
        num_valid: validation rows of each.
        curve: (age, error) of its validations.
        phase: of the search.
        kind: what the errors are.
    """
    errors = np.array([result.valid_error for result in results])
    ages = [result.num_steps * result.recipe.batch_size for result in results]
    return Tried(
        number=number,
        values=values,
        error=float(errors.mean()),
        cost=sum(result.seconds for result in results),
        age=max(ages),
        phase=phase,
        diverged=any(result.status in ("diverged", "failed") for result in results),
        halted=any(result.status == "halted" for result in results),
        standard_error=standard_error(errors, num_valid, kind),
        seed=results[0].recipe.seed,
        curve=curve,
    )


def standard_error(
    errors: np.ndarray[Any, np.dtype[np.float64]], num_valid: int, kind: ErrorKind = "fraction"
) -> float:
    """Return how far chance in the choice of validation rows moves the mean of ``errors``, one a fold.

    Fractions get a binomial's, half a row added; where they are above 1 they are taken for roots. Mean squares and
    their roots get those of as many normal residuals: error √(2/n), and error / √(2n).

    Example:
        >>> [round(standard_error(np.array([0.1]), 100, kind), 4) for kind in ("fraction", "square", "unknown")]
        [0.0305, 0.0141, nan]
    """
    total = num_valid * len(errors)
    mean = float(errors.mean())
    if not math.isfinite(mean) or total == 0 or kind == "unknown":
        return math.nan
    if kind == "square":
        return mean * math.sqrt(2 / total)
    fraction = (mean * total + 0.5) / (total + 1)
    if kind == "fraction" and 0 <= fraction <= 1:
        return math.sqrt(fraction * (1 - fraction) / total)
    return mean / math.sqrt(2 * total)


def curves_of(record: Record, trials: Collection[int]) -> dict[int, tuple[tuple[int, float], ...]]:
    """Return (age, validation error) of each trial, oldest first."""
    import polars as pl

    frame = record.frame().filter(pl.col("trial").is_in(list(trials)))
    return {
        int(key[0]): tuple(zip(some["age"].to_list(), some["valid_error"].to_list(), strict=True))
        for key, some in frame.partition_by("trial", as_dict=True).items()
    }
