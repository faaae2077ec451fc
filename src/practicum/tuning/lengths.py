"""How long the trials of a search train: rungs at which the weaker leave, and a full length for those who stay.

Lengths are ages, training examples seen, so that trials of different batch sizes are compared at equal cost. They are
chosen once, from the data or from the time there is, and written down: from then on no clock decides a number.
Source: Bengio 2012, 3.1-08 (cost), 3.3-07 (cheap surrogates pick survivors); successive halving is after the chapter
(Jamieson & Talwalkar 2016).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from practicum.recipe import Recipe
from practicum.training.pack import MIN_VALIDATE_STEPS, validation_interval

REDUCTION = 3
"""One in so many goes on at a rung, η."""

NUM_RUNGS = 3

FEWEST_TRIALS, USUAL_TRIALS, MOST_TRIALS = 12, 64, 192
"""Trials of a search within a time: as many as fit; not fewer than the first, where the time allows any; more than the
second only when each can have :data:`LONGEST_EPOCHS`."""

SHORTEST_EPOCHS, LONGEST_EPOCHS = 0.25, 6.0
"""Least and most of the first rung. A rate that is best after few updates is often too large later."""

FEWEST_EXAMPLES = 3200
LONGEST_EXAMPLES = 30_000
"""The first rung may be as long as this even where that is more than :data:`LONGEST_EPOCHS`: tiny tables."""

FULL_EPOCHS = 200.0
"""Where no time is given: most epochs of a trial that patience does not end."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long trials train, in examples seen.

    Attributes:
        rungs: ages at which a search asks who goes on, ascending.
        full: age at which a trial of the search ends, if patience has not ended it.
        final: the same for the finalists.
        num_trials: settings that the search tries.
        num_steps: updates of every trial where the recipe says them; ages are then shares of these.
        exams: ages at which a diagnosis looks at the trials, ascending; none where nothing is diagnosed.
    """

    rungs: tuple[int, ...]
    full: int
    final: int
    num_trials: int
    num_steps: int | None = None
    exams: tuple[int, ...] = ()

    def examined(self) -> Lengths:
        """Return the same lengths with exams between the rungs: from half of the first rung on, at twice the age each.

        Example:
            >>> Lengths((100, 300, 900), 2700, 2700, 64).examined().exams
            (50, 200, 400, 800, 1600)
        """
        first = self.rungs[0] if self.rungs else self.full // REDUCTION**NUM_RUNGS
        ages = [first * 2**power // 2 for power in range(self.full.bit_length())]
        exams = tuple(age for age in ages if 0 < age < self.full and age not in self.rungs)
        return replace(self, exams=tuple(dict.fromkeys(exams)))

    @property
    def marks(self) -> tuple[tuple[int, bool], ...]:
        """(Age, whether it is a rung) of all exams and rungs, ascending; an exam before a rung of the same age."""
        return tuple(sorted([(age, False) for age in self.exams] + [(age, True) for age in self.rungs]))

    def mark_steps(self, recipe: Recipe) -> tuple[int, ...]:
        """Return the marks of ``recipe``, in updates: as many as there are marks, each later than the one before."""
        if not self.exams:
            return self.rung_steps(recipe)
        steps: list[int] = []
        for age, _ in self.marks:
            steps.append(max(self.steps(age, recipe), steps[-1] + 1 if steps else 1))
        return tuple(steps)

    def steps(self, age: float, recipe: Recipe) -> int:
        """Return the number of updates after which ``recipe`` has seen ``age`` examples."""
        if self.num_steps is not None:
            return max(1, round(self.num_steps * age / self.full))
        return max(1, round(age / recipe.batch_size))

    def rung_steps(self, recipe: Recipe) -> tuple[int, ...]:
        """Return the rungs of ``recipe``, in updates."""
        return tuple(dict.fromkeys(self.steps(age, recipe) for age in self.rungs))

    def trained(self, recipe: Recipe, num_valid: int, *, final: bool = False) -> Recipe:
        """Return ``recipe`` with its length, and with validations near enough for the first rung and for patience."""
        most = max(MIN_VALIDATE_STEPS, self.steps(self.final if final else self.full, recipe))
        usual = interval = validation_interval(num_valid, recipe.batch_size)
        shortest = most if final or not self.rungs else self.rung_steps(recipe)[0]
        interval = min(interval, max(MIN_VALIDATE_STEPS, shortest // 2), most)
        if recipe.early_stopping:
            interval = min(interval, max(1, recipe.patience_steps // 2))
        changes: dict[str, Any] = {} if recipe.num_steps is not None else {"num_steps": most}
        if recipe.validate_every_steps is None and interval != usual:
            changes["validate_every_steps"] = interval
        return recipe.changed(**changes) if changes else recipe

    def as_plain(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {**asdict(self), "rungs": list(self.rungs), "exams": list(self.exams)}

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Lengths:
        """Return the lengths that :meth:`as_plain` wrote."""
        exams = tuple(values.get("exams", ()))
        return cls(**{**values, "rungs": tuple(values["rungs"]), "exams": exams})


def longest_final(num_train: int) -> int:
    """Return the most examples that a finalist's training sees within a time."""
    return int(FULL_EPOCHS * max(num_train, 1000))


def cost_of_rungs(num_rungs: int = NUM_RUNGS, reduction: int = REDUCTION) -> float:
    """Return what one trial of a search costs on average, in lengths of the first rung, up to the full length.

    Example:
        >>> round(cost_of_rungs(2, 3), 2)  # 1 + (3 - 1) / 3 + (9 - 3) / 9
        2.33
    """
    return 1 + num_rungs * (1 - 1 / reduction)


def by_data(num_train: int, num_trials: int) -> Lengths:
    """Return the lengths of a search of ``num_trials`` trials, where no time is given.

    Example:
        >>> by_data(20_000, 32).rungs
        (40000, 120000, 360000)
    """
    first = max(2 * num_train, FEWEST_EXAMPLES, min(LONGEST_EXAMPLES, 6 * num_train))
    full = first * REDUCTION**NUM_RUNGS
    return Lengths(_rungs(first), full, max(full, math.ceil(FULL_EPOCHS * num_train)), num_trials)


def by_time(
    num_train: int,
    capacity: float,
    search_share: float,
    num_finals: int,
    num_trials: int | None = None,
    num_folds: int = 1,
) -> Lengths:
    """Return lengths such that search and finals see about ``capacity`` examples in all.

    Args:
        num_train: training rows.
        capacity: examples that all cores together can train on in the time there is.
        search_share: part of it for the search.
        num_finals: trainings of finalists.
        num_trials: settings to try; without it as many as are worth it.
        num_folds: trainings of each setting.

    Example:
        >>> by_time(20_000, 2e7, 0.5, 15).num_trials
        64
    """
    shortest = max(SHORTEST_EPOCHS * num_train, FEWEST_EXAMPLES)
    longest = max(LONGEST_EPOCHS * num_train, LONGEST_EXAMPLES)
    affordable = search_share * capacity / cost_of_rungs() / num_folds
    if num_trials is None:
        num_trials = USUAL_TRIALS
        if affordable / USUAL_TRIALS < shortest:
            num_trials = max(FEWEST_TRIALS, int(affordable / shortest))
        elif affordable / USUAL_TRIALS > longest:
            num_trials = min(MOST_TRIALS, int(affordable / longest))
    first = int(min(max(affordable / num_trials, MIN_VALIDATE_STEPS), longest))
    final = (1 - search_share) * capacity / max(1, num_finals)
    return Lengths(
        _rungs(first),
        first * REDUCTION**NUM_RUNGS,
        max(1, int(min(final, longest_final(num_train)))),
        num_trials,
    )


def by_steps(
    num_steps: int,
    batch_size: int,
    num_trials: int | None = None,
    capacity: float = math.inf,
    search_share: float = 1.0,
    num_finals: int = 0,
) -> Lengths:
    """Return the lengths of a search whose recipe says its number of updates.

    Args:
        num_steps: of every trial.
        batch_size: of a typical one.
        num_trials: settings to try; without it as many as there is time for.
        capacity: examples that all cores together can train on in the time there is.
        search_share: part of it for the search; the finals may take more.
        num_finals: trainings of finalists.

    Example:
        >>> by_steps(270, 10, 16).rungs, by_steps(270, 10, None, 3e4, 0.5, 15).num_trials
        ((100, 300, 900), 50)
    """
    full = num_steps * batch_size
    first = max(1, full // REDUCTION**NUM_RUNGS)
    if num_trials is None:
        left = max(search_share * capacity, capacity - num_finals * full)
        num_trials = int(min(max(left / (first * cost_of_rungs()), FEWEST_TRIALS), MOST_TRIALS))
    return Lengths(_rungs(first), full, full, num_trials, num_steps)


def _rungs(first: int) -> tuple[int, ...]:
    return tuple(first * REDUCTION**rung for rung in range(NUM_RUNGS))
