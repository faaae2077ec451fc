"""The finals: the best few settings trained again, on the same seeds, before one of them is chosen.

The seed is ignored during the search; what it does is seen here [3.2-35]. All finalists share their seeds, so they are
compared pair by pair, and where chance explains the difference that is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core.record import Record
from practicum.engine.plans.layout import dealt
from practicum.engine.plans.plan import Plan
from practicum.engine.race import race
from practicum.engine.result import Result, without_weights
from practicum.recipe import Recipe
from practicum.tuning.analysis.pairs import mean_error
from practicum.tuning.arena import Limits, Tasks, packable
from practicum.tuning.cuts import NOTHING, Cuts, as_then, shortened
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.setting import Setting

NUM_FINALISTS = 3

LARGEST_PACK = 16


@dataclass(frozen=True, slots=True)
class Finalist:
    """A setting and its trainings.

    Attributes:
        number: of the setting in the search; −1 for a recipe that was given.
        values: of the space's entries.
        recipe: of the first training; the others differ by seed, or by fold.
        results: by seed, then by fold.
    """

    number: int
    values: Values
    recipe: Recipe
    results: tuple[tuple[Result, ...], ...]

    @property
    def errors(self) -> npt.NDArray[np.float64]:
        """Validation error of each seed, the mean over folds, (S,)."""
        return np.array([np.mean([result.valid_error for result in folds]) for folds in self.results])

    @property
    def rank(self) -> tuple[int, float, float]:
        """What the best finalist has least of: seeds that reached no error, mean error of the others, mean loss.

        One lucky seed of five that blew up is no better than five good ones.
        """
        losses = np.array([result.valid_loss for folds in self.results for result in folds])
        errors = self.errors
        missing = int((~np.isfinite(errors)).sum())
        return (missing, mean_error(errors), mean_error(losses) if missing < len(errors) else math.inf)


def survivors(
    ranked: Sequence[Setting], finals: Sequence[Finalist], count: int = NUM_FINALISTS
) -> list[Finalist]:
    """Return the best few that the search itself trained and did not give up, each with that one training.

    They have cost nothing more, and where time is short they were trained longer than any finalist is: also such as
    the clock ended.

    Args:
        ranked: all settings, the best first.
        finals: what is known already: after Ctrl-C the search's best stands in for the finals.
        count: how many at most.
    """
    known = {result.trial for one in finals for folds in one.results for result in folds}
    whole = [
        one
        for one in ranked
        if not one.tried.halted and all(r.weights and r.trial not in known for r in one.results)
    ]
    return [
        Finalist(one.tried.number, dict(one.tried.values), one.recipe, (one.results,))
        for one in whole[:count]
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """A setting that is to be trained on every seed.

    Attributes:
        number: of the setting in the search; −1 for a recipe that was given.
        values: of the space's entries.
        recipes: one a fold.
    """

    number: int
    values: Values
    recipes: Sequence[Recipe]


def train_finalists(
    asked: Sequence[Asked],
    seeds: Sequence[int],
    tasks: Tasks,
    limits: Limits,
    record: Record,
    first_trial: int,
    cut: Cuts = NOTHING,
    largest_pack: int = LARGEST_PACK,
) -> list[Finalist]:
    """Train every recipe of ``asked`` on every seed and return the finalists in the same order.

    Args:
        asked: what to train.
        seeds: the same for all [3.2-35].
        tasks: data by recipe.
        limits: of time.
        record: takes in all events.
        first_trial: number of the first training.
        cut: where the clock ended trainings of the run that is repeated, by number.
        largest_pack: trainings of one pack at most.
    """
    whole = [recipe.changed(seed=seed) for one in asked for seed in seeds for recipe in one.recipes]
    recipes = {trial: shortened(recipe, cut.get(trial)) for trial, recipe in enumerate(whole, first_trial)}
    trained = _trained(recipes, tasks, limits, record, largest_pack)
    results = {trial: as_then(result, cut.get(trial)) for trial, result in trained.items()}
    trials = iter(recipes)
    return [
        Finalist(
            one.number,
            one.values,
            one.recipes[0].changed(seed=seeds[0]),
            tuple(tuple(results[next(trials)] for _ in one.recipes) for _ in seeds),
        )
        for one in asked
    ]


def _trained(
    recipes: Mapping[int, Recipe], tasks: Tasks, limits: Limits, record: Record, largest_pack: int
) -> dict[int, Result]:
    """Return the results of ``recipes``, which have their trials' numbers; also of those never begun."""
    trials, known = list(recipes), list(recipes.values())
    packs = [pack for group in packable(known, tasks) for pack in dealt(group, largest_pack, 2)]

    def next_plan(number: int) -> Plan | None:
        if number >= len(packs):
            return None
        return tasks.plan([known[k] for k in packs[number]], [trials[k] for k in packs[number]])

    results: dict[int, Result] = {}
    for _, some in race(
        next_plan,
        rungs=lambda _: (),
        judge=lambda _, errors: set(errors),
        lag=len(packs) + 1,
        turns=True,  # where time ends it, all have had as much of it
        num_workers=limits.num_workers,
        folder=limits.folder,
        data=limits.data,
        record=record,
        deadline=limits.deadline,
        report=limits.report,
        stop=limits.stop,
    ):
        results |= {result.trial: result for result in some}
    never = "There was no time left for it."
    return {
        trial: without_weights(trial, recipe, "budget", never) for trial, recipe in recipes.items()
    } | results
