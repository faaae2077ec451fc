"""What an exam between two rungs sees: how the settings of a pack came along, beside all that were as far before them.

Source: Bengio 2012, 4.2-02 (age is examples seen).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from practicum.core.events import Bools, Floats
from practicum.core.record import Record
from practicum.recipe import Recipe
from practicum.tuning.lengths import Lengths


@dataclass(frozen=True, slots=True)
class Course:
    """How a setting came along, up to an age; the mean over its folds. All arrays have shape (V,), a validation each.

    Attributes:
        number: of the setting.
        recipe: of its first training.
        ages: examples seen, from 0.
        train_loss: mean loss on the minibatches since the validation before; ``nan`` at age 0.
        valid_loss: mean loss on the validation rows.
        valid_error: on the validation rows.
        best_loss: validation loss at the best so far, by the trial's own rule; infinite where there was none.
        best_error: validation error there: what a judge compares.
        improved: whether this was the best so far, of any fold.
    """

    number: int
    recipe: Recipe
    ages: Floats
    train_loss: Floats
    valid_loss: Floats
    valid_error: Floats
    best_loss: Floats
    best_error: Floats
    improved: Bools

    @property
    def best(self) -> tuple[float, float]:
        """Error and loss at the best so far."""
        return float(self.best_error[-1]), float(self.best_loss[-1])


@dataclass(frozen=True, slots=True)
class Exam:
    """What there is to see.

    Attributes:
        age: examples that each of them has seen, about.
        until: age at which the next judgement is due, or at which all end.
        courses: of the settings in question, a pack's.
        peers: of all settings that this search has tried so far, these among them; of those that ended younger, as
            they were at their last exam.
    """

    age: float
    until: float
    courses: Sequence[Course]
    peers: Sequence[Course]


class Stoppable(Protocol):
    """The search, as far as a diagnosis may say anything to it."""

    def tell(self, trial: int, *, stop: str, over: bool = False) -> None:
        """Let setting number ``trial`` leave now.

        Args:
            trial: number of the setting.
            stop: the reason: a fault's id, its name and the evidence.
            over: whether its best is behind it, so that it counts as one that early stopping ended.
        """


class Examine(Protocol):
    """Looks at an exam and tells the search who shall leave."""

    def __call__(self, search: Stoppable, exam: Exam) -> None:
        """Call ``search.tell(trial, stop=reason)`` for each of ``exam.courses`` that is hopeless."""


def courses_of(
    record: Record,
    folds: Mapping[int, Sequence[int]],
    recipes: Mapping[int, Recipe],
    lengths: Lengths,
    age: float,
) -> list[Course]:
    """Return how settings came along up to ``age``, whatever the record holds beyond it.

    Args:
        record: of all trainings.
        folds: numbers of the trainings of each setting, by its number.
        recipes: of a training, by its number.
        lengths: of the search; where these count updates, ages are shares of those.
        age: examples seen.
    """
    trials = [trial for some in folds.values() for trial in some]
    frame = record.frame().filter(pl.col("trial").is_in(trials))
    frame = frame.filter(
        pl.col("age") <= age
        if lengths.num_steps is None
        else pl.col("step") <= lengths.num_steps * age / lengths.full
    )
    rows = {int(key[0]): some for key, some in frame.partition_by("trial", as_dict=True).items()}
    return [
        _together(number, recipes[some[0]], [rows[trial] for trial in some if trial in rows])
        for number, some in folds.items()
        if any(trial in rows for trial in some)
    ]


def _together(number: int, recipe: Recipe, frames: Sequence[pl.DataFrame]) -> Course:
    """Return the mean course of a setting's folds, as far as all of them came."""
    length = min(len(frame) for frame in frames)

    def mean(values: Callable[[pl.DataFrame], Floats]) -> Floats:
        found: Floats = np.mean([values(frame.head(length)) for frame in frames], axis=0)
        return found

    return Course(
        number=number,
        recipe=recipe,
        ages=mean(lambda frame: frame["age"].to_numpy()),
        train_loss=mean(lambda frame: frame["train_loss"].to_numpy()),
        valid_loss=mean(lambda frame: frame["valid_loss"].to_numpy()),
        valid_error=mean(lambda frame: frame["valid_error"].to_numpy()),
        best_loss=mean(lambda frame: at_best(frame["valid_loss"], frame["improved"])),
        best_error=mean(lambda frame: at_best(frame["valid_error"], frame["improved"])),
        improved=np.any([frame["improved"].to_numpy()[:length] for frame in frames], axis=0),
    )


def at_best(values: pl.Series, improved: pl.Series) -> Floats:
    """Return ``values`` at the best so far, infinite before there was one.

    Example:
        >>> at_best(pl.Series([0.3, 0.2, 0.1]), pl.Series([False, True, False]))
        array([inf, 0.2, 0.2])
    """
    places = np.maximum.accumulate(np.where(improved.to_numpy(), np.arange(len(values)), -1))
    return np.where(places < 0, np.inf, values.to_numpy()[np.maximum(places, 0)])
