"""The batch size tuned for time: after the search has chosen the rest, by the error that is reached at equal time.

The batch size decides how fast a network learns, hardly how well; so sizes are compared after equal time, not after
equal examples, each with its own learning rate. What an example costs is measured once and turned into numbers of
updates, which are written down: from then on no clock decides a number.
Source: Bengio 2012, 3.1-08.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from practicum.core.estimates.rough import Doubt
from practicum.core.guide.settings import SETTINGS
from practicum.recipe import Recipe
from practicum.training.pack import MIN_VALIDATE_STEPS, validation_interval
from practicum.tuning.arena import in_folds
from practicum.tuning.equal_time import Pace
from practicum.tuning.finals import Asked, Finalist

NAME, RATE = "batch_size", "learning_rate"

SIZE_FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
RATE_FACTORS = (0.5, 1.0, 2.0)
"""Candidates, as multiples of what the search chose; the rate is tuned again with each size [3.1-08]."""

SMALLEST = 8
"""Smaller minibatches are padded and cost no less."""

CLEARLY = 1.0
"""Standard errors by which another size must be better."""

ALIKE = 0.8
"""Two sizes had the same time where one had at least this part of the other's."""

MIN_VALIDATIONS = 4

Train = Callable[[Sequence[Asked]], Sequence[Finalist]]
"""Trains each on one seed and returns what came out, in the same order."""


@dataclass(frozen=True, slots=True)
class Sized:
    """What one batch size reached.

    Attributes:
        batch_size: examples of a minibatch.
        pace: how long it was trained.
        learning_rate: the best of those tried with it.
        error: validation error with that rate.
        standard_error: of the error, by the number of validation rows.
        share: of its time that its trainings had, on average, before the clock ended them; 1 for all of it.
    """

    batch_size: int
    pace: Pace
    learning_rate: float
    error: float
    standard_error: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class BatchSizes:
    """All sizes that were compared, and the one to go on with.

    Attributes:
        rows: what each reached, the smallest size first.
        present: what the search had.
        chosen: size to go on with.
    """

    rows: tuple[Sized, ...]
    present: int
    chosen: int

    def __getitem__(self, batch_size: int) -> Sized:
        """Return what ``batch_size`` reached."""
        return next(row for row in self.rows if row.batch_size == batch_size)

    @property
    def changed(self) -> bool:
        """Whether another size than the search's is to be used."""
        return self.chosen != self.present

    @property
    def longer(self) -> float:
        """How many times as many examples the chosen size sees in the time of the present one."""
        return self[self.present].pace.cost / self[self.chosen].pace.cost

    def applied(self, recipe: Recipe) -> Recipe:
        """Return ``recipe`` with the chosen size and its rate."""
        best = self[self.chosen]
        return recipe.changed(batch_size=best.batch_size, learning_rate=best.learning_rate)

    @property
    def text(self) -> str:
        """One sentence."""
        sizes = ", ".join(str(row.batch_size) for row in self.rows)
        if not self.changed:
            return f"Compared at equal time, no batch size of {sizes} is clearly better than {self.present} [3.1-08]."
        new, old = self[self.chosen], self[self.present]
        return (
            f"At equal time, batches of {new.batch_size} reach an error of {new.error:.4g} (rate "
            f"{new.learning_rate:.3g}), those of {old.batch_size} {old.error:.4g}: the finals try both [3.1-08]."
        )


def sizes_around(present: int, num_train: int, wanted: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the batch sizes to compare, ascending.

    Args:
        present: what the search had; always among them.
        num_train: training rows, more than which no minibatch has.
        wanted: the sizes, where they are given.

    Example:
        >>> sizes_around(32, 10_000), sizes_around(20, 50), sizes_around(32, 900, wanted=[256, 16])
        ((8, 16, 32, 64, 128), (10, 20, 40), (16, 32, 256))
    """
    highest = SETTINGS[NAME].high
    assert highest is not None
    around = [round(present * factor) for factor in SIZE_FACTORS]
    around = [size for size in around if SMALLEST <= size <= min(highest, num_train)]
    return tuple(sorted({present, *(wanted or around)}))


def trainings(
    recipe: Recipe, paces: Mapping[int, Pace], num_valid: int, *, tune_rate: bool = True
) -> list[Recipe]:
    """Return what is trained: each size with each of its rates, the sizes ascending.

    Args:
        recipe: that the search chose, without its length.
        paces: of each size.
        num_valid: validation rows.
        tune_rate: whether the rate may be changed with the size.
    """
    factors = RATE_FACTORS if tune_rate else (1.0,)
    made = []
    for size, pace in sorted(paces.items()):
        # Often enough that the error reached at the end is seen, whatever the size.
        every = min(
            validation_interval(num_valid, size), max(MIN_VALIDATE_STEPS, pace.num_steps // MIN_VALIDATIONS)
        )
        changes: dict[str, Any] = {
            "batch_size": size,
            "num_steps": pace.num_steps,
            "validate_every_steps": min(every, pace.num_steps),
        }
        made += [recipe.changed(**changes, learning_rate=recipe.learning_rate * factor) for factor in factors]
    return made


def tuned_batch_size(
    values: Mapping[str, Any],
    recipe: Recipe,
    paces: Mapping[int, Pace],
    train: Train,
    num_valid: int,
    doubt: Doubt,
    num_folds: int = 1,
    *,
    tune_rate: bool = True,
) -> BatchSizes:
    """Return what batch sizes reach at equal time, and which to go on with.

    Args:
        values: of the space's entries, that the search chose.
        recipe: of these values, without its length.
        paces: of each size; the recipe's own is among them.
        train: trains on one seed.
        num_valid: validation rows.
        doubt: about validation errors.
        num_folds: trainings of each setting, 1 for a hold-out set.
        tune_rate: whether the rate may be changed with the size.

    Source:
        Bengio 2012, 3.1-08.
    """
    made = trainings(recipe, paces, num_valid, tune_rate=tune_rate)
    asked = [Asked(-1, sized_values(values, one), in_folds(one, num_folds)) for one in made]
    rows = []
    trained = list(zip(made, train(asked), strict=True))
    for size, pace in sorted(paces.items()):
        mine = [(one, finalist) for one, finalist in trained if one.batch_size == size]
        rows.append(_sized(size, pace, mine, doubt))
    return BatchSizes(tuple(rows), recipe.batch_size, best_size(rows, recipe.batch_size))


def best_size(rows: Sequence[Sized], present: int) -> int:
    """Return the size to go on with: the best, if it is clearly better than the present one.

    Where the clock ends all of them early, they have had about the same share of their time; a size with another share
    than the present one has lost nothing and won nothing.

    Example:
        >>> pace = Pace(100, 1.0)
        >>> rows = [Sized(16, pace, 0.1, 0.18, 0.01), Sized(32, pace, 0.1, 0.20, 0.01)]
        >>> best_size(rows, 32), best_size(rows[1:], 32)
        (16, 32)
    """
    now = next(row for row in rows if row.batch_size == present)
    alike = [row for row in rows if ALIKE * now.share <= row.share <= now.share / ALIKE]
    alike = [row for row in alike if row.share > 0 and math.isfinite(row.error)]
    best = min(alike, key=lambda row: (row.error, abs(math.log(row.batch_size / present))), default=now)
    if not math.isfinite(now.error):
        return best.batch_size
    margin = CLEARLY * now.standard_error if math.isfinite(now.standard_error) else 0.0
    return best.batch_size if best.error < now.error - margin else present


def sized_values(values: Mapping[str, Any], recipe: Recipe) -> dict[str, Any]:
    """Return ``values`` with batch size and learning rate as ``recipe`` has them."""
    return {**values, RATE: recipe.learning_rate, NAME: recipe.batch_size}


def _sized(size: int, pace: Pace, mine: Sequence[tuple[Recipe, Finalist]], doubt: Doubt) -> Sized:
    """Return the best of one size's rates."""
    errors = [float(finalist.errors[0]) for _, finalist in mine]
    best = int(np.argmin([error if math.isfinite(error) else math.inf for error in errors]))
    recipe, finalist = mine[best]
    every = [result for _, one in mine for folds in one.results for result in folds]
    shares = [
        result.num_steps / pace.num_steps if result.status in ("budget", "stopped") else 1.0
        for result in every
    ]
    return Sized(
        size,
        pace,
        recipe.learning_rate,
        errors[best] if math.isfinite(errors[best]) else math.inf,
        doubt(errors[best], len(finalist.results[0])),
        share=float(np.mean(shares)),
    )
