"""What training costs under a clock: of the search before it begins, of the finalists once they are known.

Finalists have the same time each: what an example costs is measured on packs like theirs and made an age that is
written down. So a rate that falls reaches its end, and a replay needs no clock.
Source: Bengio 2012, 3.1-08 (what counts is time), 3.3-14 (what time decided can be repeated).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from practicum.engine.cost import seconds_an_example
from practicum.engine.crew.cores import num_cores
from practicum.engine.plans.layout import dealt
from practicum.recipe import Recipe
from practicum.tuning.arena import Tasks, in_folds, packable
from practicum.tuning.effort import PACE_KEPT, PACK_SIZE, Effort
from practicum.tuning.finals import Asked
from practicum.tuning.lengths import longest_final
from practicum.tuning.procedure import Hunt
from practicum.tuning.shortlist import shortlist
from practicum.tuning.work import Work

LEAST_SECONDS = 4.0
"""In less, measuring would take too much of it."""


def pace_of(tasks: Tasks, recipe: Recipe, num_folds: int) -> float:
    """Return how many seconds one core takes for one example of ``recipe`` in a full pack, folds together."""
    folds = in_folds(recipe, num_folds)
    alike = [folds[k] for k in packable(folds, tasks)[0]]
    recipes = alike * max(1, PACK_SIZE // len(alike))
    return seconds_an_example(tasks.tasks(recipes)[0], recipes)


def time_finals(work: Work, effort: Effort, hunted: Hunt, num_train: int) -> Effort:
    """Return the effort with the age at which each finalist's trainings end.

    Nothing changes where it was decided before; no age is decided without a clock, where the number of updates is
    given, and where there is hardly any time.

    Args:
        work: trains.
        effort: of the search.
        hunted: what the search gave.
        num_train: training rows.
    """
    if work.interrupted or effort.final_ages is not None:
        return effort
    limited = work.finals_end(effort) - time.monotonic()
    given = effort.lengths.num_steps is not None or effort.space.base.num_steps is not None
    if given or math.isinf(limited) or limited < LEAST_SECONDS:
        return work.decided(replace(effort, final_ages={}))
    return work.decided(replace(effort, final_ages=_timed(work, effort, hunted, longest_final(num_train))))


def _timed(work: Work, effort: Effort, hunted: Hunt, most: int) -> dict[int, int]:
    """Return the age of each finalist by what an example costs on packs like its own."""
    asked = shortlist(effort, hunted, work.num_valid)
    costs, num_packs = _costs(work, effort, asked)
    cores = PACE_KEPT * min(work.num_workers or num_cores(), num_packs)
    core_seconds = cores * max(0.0, work.finals_end(effort) - time.monotonic())
    trainings = effort.num_seeds * effort.num_folds
    ages = shared_out(core_seconds / trainings, costs, most)
    # One that is there with two batch sizes has the age of its own: the other's follows from it.
    sizes, alone = hunted.batch_sizes, [one.number for one in asked].count(asked[0].number) == 1
    if sizes is not None and sizes.changed and alone:
        ages[0] = round(ages[0] / sizes.longer)
    return {one.number: max(1, ages[place]) for place, one in enumerate(asked)}


def shared_out(seconds: float, costs: Mapping[int, float], most: int) -> dict[int, int]:
    """Return the examples that one training of each finalist sees.

    Args:
        seconds: of one core, for one training of each of them together.
        costs: seconds of an example, by finalist.
        most: examples of a training at most; the time that this leaves is the others'.

    Example:
        >>> shared_out(30.0, {3: 0.1, 5: 0.2}, most=1000), shared_out(30.0, {3: 0.1, 5: 0.2}, most=100)
        ({3: 150, 5: 75}, {3: 100, 5: 100})
    """
    ages: dict[int, int] = {}
    for place, number in enumerate(sorted(costs, key=lambda number: costs[number])):
        share = seconds / (len(costs) - place)
        ages[number] = max(1, min(most, int(share / costs[number])))
        seconds -= ages[number] * costs[number]
    return ages


def _costs(work: Work, effort: Effort, asked: Sequence[Asked]) -> tuple[dict[int, float], int]:
    """Return the seconds of one core for an example of each finalist, and how many packs the finals are.

    Measured on the first pack of each shape, as the finals will have it: finalists of one shape share their packs.
    """
    owners = [place for place, one in enumerate(asked) for _ in range(effort.num_seeds * effort.num_folds)]
    recipes = [recipe for one in asked for _ in range(effort.num_seeds) for recipe in one.recipes]
    found: dict[int, list[float]] = {place: [] for place in range(len(asked))}
    num_packs = 0
    for group in packable(recipes, work.tasks):
        packs = dealt(group, work.largest_pack, 2)
        num_packs += len(packs)
        pack = [recipes[k] for k in packs[0]]
        cost = seconds_an_example(work.tasks.tasks(pack)[0], pack)
        for k in group:
            found[owners[k]].append(cost)
    return {place: sum(some) / len(some) for place, some in found.items()}, num_packs
