"""A setting that was tried: what a strategy is told of it, and the trainings behind that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from practicum.core.estimates.rough import Doubt
from practicum.core.record import Record
from practicum.engine.result import Result
from practicum.recipe import Recipe
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried


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
    doubt: Doubt,
    curve: tuple[tuple[int, float], ...] = (),
    phase: str = "wide",
) -> Tried:
    """Return what a strategy is told of a setting.

    Args:
        number: of the setting.
        values: of the space's entries.
        results: of its trainings, one a fold.
        doubt: about its error.
        curve: (age, error) of its validations.
        phase: of the search.
    """
    error = float(np.mean([result.valid_error for result in results]))
    ages = [result.num_steps * result.recipe.batch_size for result in results]
    return Tried(
        number=number,
        values=values,
        error=error,
        cost=sum(result.seconds for result in results),
        age=max(ages),
        phase=phase,
        diverged=any(result.status in ("diverged", "failed") for result in results),
        halted=any(result.status == "halted" for result in results),
        standard_error=doubt(error, len(results)),
        seed=results[0].recipe.seed,
        curve=curve,
    )


def curves_of(record: Record, trials: Collection[int]) -> dict[int, tuple[tuple[int, float], ...]]:
    """Return (age, validation error) of each trial, oldest first."""
    import polars as pl

    frame = record.frame().filter(pl.col("trial").is_in(list(trials)))
    return {
        int(key[0]): tuple(zip(some["age"].to_list(), some["valid_error"].to_list(), strict=True))
        for key, some in frame.partition_by("trial", as_dict=True).items()
    }
