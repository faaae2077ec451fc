"""A setting that was tried: what a strategy is told of it, and the trainings behind that."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from practicum.core.estimates.rough import Doubt
from practicum.core.record import Record
from practicum.engine.result import Result
from practicum.recipe import Recipe
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried

Curve = tuple[tuple[int, float], ...]
"""(Age, error) at each validation, oldest first."""


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
    curves: Sequence[Curve] = (),
    phase: str = "wide",
) -> Tried:
    """Return what a strategy is told of a setting.

    Args:
        number: of the setting.
        values: of the space's entries.
        results: of its trainings, one a fold.
        doubt: about its error.
        curves: of its trainings, as :func:`curves_of` returns them; none where they are not kept.
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
        loss=float(np.mean([result.valid_loss for result in results])),
        near_error=float(np.mean([near_error(*pair) for pair in zip(results, curves, strict=True)]))
        if curves
        else math.nan,
        curve=curves[0] if len(curves) == 1 else (),
    )


def near_error(result: Result, curve: Curve) -> float:
    """Return the mean error of the validation that counts and of its neighbours; ``nan`` where it is not known.

    The validation before the first update is none: its weights are other ones.

    Example:
        >>> from practicum.engine.result import without_weights
        >>> from dataclasses import replace
        >>> one = replace(without_weights(0, Recipe(batch_size=32), "num_steps", ""), best_step=20, valid_error=0.1)
        >>> round(near_error(one, ((320, 0.4), (640, 0.1), (960, 0.3))), 3)
        0.267
    """
    age = result.best_step * result.recipe.batch_size
    trained = [point for point in curve if point[0] > 0]
    place = next((place for place, (then, _) in enumerate(trained) if then == age), None)
    if place is None or len(trained) < 2 or not math.isfinite(result.valid_error):
        return math.nan
    return float(np.mean([error for _, error in trained[max(0, place - 1) : place + 2]]))


def curves_of(record: Record, trials: Collection[int]) -> dict[int, Curve]:
    """Return (age, validation error) of each trial, oldest first."""
    import polars as pl

    frame = record.frame().filter(pl.col("trial").is_in(list(trials)))
    return {
        int(key[0]): tuple(zip(some["age"].to_list(), some["valid_error"].to_list(), strict=True))
        for key, some in frame.partition_by("trial", as_dict=True).items()
    }
