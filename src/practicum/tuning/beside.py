"""What is trained beside search and finals: batch sizes at equal time before them, a small grid after them.

Both are optional, both have their own part of the time, and neither changes what was tried: the finals decide.
Source: Bengio 2012, 3.1-08 and 3.4-07.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from practicum.engine.clock import Clock
from practicum.engine.cost import seconds_an_example
from practicum.engine.crew.cores import num_cores
from practicum.recipe import Recipe
from practicum.training.pack import MIN_VALIDATE_STEPS, validation_interval
from practicum.tuning.arena import in_folds, packable
from practicum.tuning.aside import Aside
from practicum.tuning.batch_size import RATE, RATE_FACTORS, sizes_around, trainings, tuned_batch_size
from practicum.tuning.effort import PACE_KEPT, SEARCH_SHARE, Effort
from practicum.tuning.equal_time import Pace, equal_times, modelled_costs, smoothed
from practicum.tuning.finals import Asked, Finalist
from practicum.tuning.procedure import Hunt
from practicum.tuning.shortlist import before_cooling, cooled, entering
from practicum.tuning.small_grid import grid_axes, small_grid
from practicum.tuning.work import Work

Sizes = tuple[int, ...] | Literal["auto", "off"] | None
"""Batch sizes to compare: these, those around the search's, none; or what the time allows."""

SHARE = 0.10
"""Part of the training time for either of them."""

LEAST_SECONDS = 10.0
"""In less, batch sizes are compared only where the user asks for it: of five seconds, two went into measuring."""

SURE = 0.7
"""Part of their time that is planned for; the rest is for laying out data and starting workers."""

LATE = 1.5
"""What takes so many times longer than planned is ended."""


def aside_for(sizes: Sizes, clock: Clock, *, grid: bool, own_space: bool) -> Aside:
    """Return which parts of the time to keep.

    Args:
        sizes: batch sizes to compare.
        clock: the budget, running.
        grid: whether a small grid is asked for.
        own_space: whether the user says what is varied; then the batch size is tuned only if they ask for it.
    """
    seconds = clock.training_ends - time.monotonic()
    if not math.isfinite(seconds):
        return Aside()
    wanted = not own_space and seconds * SHARE >= LEAST_SECONDS if sizes is None else sizes != "off"
    return Aside(SHARE if wanted else 0.0, SHARE if grid else 0.0)


def tune_batch_size(work: Work, effort: Effort, hunted: Hunt, sizes: Sizes, num_train: int) -> Effort:
    """Compare batch sizes at equal time, tell ``hunted``, and return the effort with what was decided.

    Args:
        work: trains.
        effort: of the search; of a run that is repeated or goes on, with the paces it had.
        hunted: what the search gave.
        sizes: batch sizes to compare.
        num_train: training rows.

    Source:
        Bengio 2012, 3.1-08.
    """
    if work.interrupted:
        return effort
    best = entering(effort, hunted)[0]
    recipe = effort.space.recipe(best.tried.values)
    moment = _batch_size_ends(work, effort)
    paces = effort.paces
    if paces is None:
        paces = _paces(work, effort, recipe, sizes, num_train, moment)
        effort = work.decided(replace(effort, paces=paces))
    if len(paces) < 2:
        return effort
    late = moment + (LATE - 1) * (moment - time.monotonic()) if math.isfinite(moment) else moment

    def train(asked: Sequence[Asked]) -> list[Finalist]:
        found = work.train("batch_size", effort, asked, 1, late)
        hunted.beside += found
        return found

    hunted.batch_sizes = tuned_batch_size(
        best.tried.values,
        recipe,
        paces,
        train,
        work.num_valid,
        work.doubt,
        effort.num_folds,
        tune_rate=RATE in effort.space,
    )
    return effort


def draw_grid(work: Work, effort: Effort, hunted: Hunt, winner: Finalist) -> Effort:
    """Train the small grid around the winner, tell ``hunted``, and return the effort with the grid's length.

    Nothing is drawn where fewer than two numbers were varied, or where no time is left.

    Source:
        Bengio 2012, 3.4-07.
    """
    axes = grid_axes(hunted.found.tried, hunted.space, winner.values, work.seed)
    if axes is None or work.interrupted:
        return effort
    num_steps = effort.grid_steps
    if num_steps is None:
        count = len(axes[0].values) * len(axes[1].values) * effort.num_folds
        num_steps = _grid_steps(work, effort, winner, count)
        effort = work.decided(replace(effort, grid_steps=num_steps))
    if num_steps < MIN_VALIDATE_STEPS:
        return effort
    usual = validation_interval(work.num_valid, winner.recipe.batch_size)
    every = min(winner.recipe.validate_every_steps or usual, num_steps)
    plain = before_cooling(winner.recipe, winner.values, effort.space)
    recipe = plain.changed(num_steps=num_steps, validate_every_steps=every, seed=work.seed)

    def train(asked: Sequence[Asked]) -> list[Finalist]:
        if plain != winner.recipe:  # each cell as the finals would have it, its rate falling to its own end
            asked = [replace(one, recipes=[cooled(recipe) for recipe in one.recipes]) for one in asked]
        found = work.train("grid", effort, asked, 1, work.clock.training_ends)
        hunted.beside += found
        return found

    hunted.grid = small_grid(winner.values, recipe, axes, train, effort.num_folds)
    return effort


def _batch_size_ends(work: Work, effort: Effort) -> float:
    """Return the moment at which the part of the time for batch sizes is over."""
    share = effort.aside.batch_size
    if not math.isfinite(work.clock.training_ends) or not share:
        return work.clock.training_ends
    return work.clock.share(share / (1 - SEARCH_SHARE * effort.aside.left))  # of what the search has left


def _paces(
    work: Work, effort: Effort, recipe: Recipe, sizes: Sizes, num_train: int, moment: float
) -> dict[int, Pace]:
    """Return how long each batch size is trained; nothing where none are to be compared."""
    limited = math.isfinite(work.clock.training_ends)
    wanted = effort.aside.batch_size > 0 if limited else sizes not in (None, "off")
    if not wanted or recipe.num_steps is not None or effort.lengths.num_steps is not None:
        return {}  # where the number of updates is given, time is not what counts
    some = sizes_around(recipe.batch_size, num_train, sizes if isinstance(sizes, tuple) else ())
    if not limited:
        costs = modelled_costs(some)
        rungs = effort.lengths.rungs
        return equal_times(costs, rungs[min(1, len(rungs) - 1)] * costs[recipe.batch_size])
    costs = smoothed({size: _measured(work, effort, recipe.changed(batch_size=size)) for size in some})
    num_rates = len(RATE_FACTORS) if RATE in effort.space else 1
    core_seconds = SURE * max(0.0, moment - time.monotonic()) * _cores(work)
    paces = equal_times(costs, core_seconds / (len(some) * num_rates * effort.num_folds))
    return paces if min(pace.num_steps for pace in paces.values()) >= MIN_VALIDATE_STEPS else {}


def _measured(work: Work, effort: Effort, recipe: Recipe) -> float:
    """Return the seconds of one core for an example, in a pack as large as it will be."""
    endless = {recipe.batch_size: Pace(2**40, 0.0)}
    made = trainings(recipe, endless, work.num_valid, tune_rate=RATE in effort.space)
    folds = [fold for one in made for fold in in_folds(one, effort.num_folds)]
    pack = [folds[k] for k in packable(folds, work.tasks)[0]]
    return seconds_an_example(work.tasks.tasks(pack)[0], pack)


def _grid_steps(work: Work, effort: Effort, winner: Finalist, count: int) -> int:
    """Return how many updates each of the grid's ``count`` trainings has: the search's length, if there is time."""
    most = effort.lengths.steps(effort.lengths.full, winner.recipe)
    left = work.clock.training_ends - time.monotonic()
    if math.isinf(left):
        return most
    done = [result for folds in winner.results for result in folds]
    core_seconds = sum(result.seconds for result in done)
    steps_a_second = sum(result.num_steps for result in done) / max(core_seconds, 1e-9)
    return min(most, int(SURE * max(0.0, left) * _cores(work) * steps_a_second / count))


def _cores(work: Work) -> float:
    return (work.num_workers or num_cores()) * PACE_KEPT
