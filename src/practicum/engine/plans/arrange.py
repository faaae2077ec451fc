"""Lays out the trials of a user's own module: groups of one shape, trusted or not, packed where that is faster.

Source: the measurements under "Packs" in `docs/experiments.md`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from practicum.data.tree import leaves
from practicum.engine.crew.cores import threads
from practicum.engine.plans.crossover import (
    SECONDS,
    Cache,
    Crossover,
    Step,
    key_of,
    measure,
    measured,
    typical_seconds,
)
from practicum.engine.plans.described import described
from practicum.engine.plans.layout import Layout, PackPlan, Way, dealt, grouped
from practicum.engine.plans.memory import free_bytes, largest_pack
from practicum.recipe import Recipe
from practicum.training.lift.memory import bytes_a_trial
from practicum.training.lift.signature import difference, signature
from practicum.training.lift.task import ModelTask
from practicum.training.lift.trust import check_lift, check_plain
from practicum.training.pack import Pack, structure

MEASURED_SHARE = 10
"""A measurement is made only where its shape has so many times its length left to train."""

GUESS = 8
"""Trials of a pack where there is no time to measure: most small modules are near their best there."""

CLEARLY = 1.2
"""Threads that wait for each other suffer from every busy neighbour, so they have to be so much faster."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Trials that could share a program, and their modules."""

    trials: list[int]
    recipes: list[Recipe]
    modules: list[nn.Module]


def arrange(
    task: ModelTask,
    recipes: Sequence[Recipe],
    modules: Sequence[nn.Module],
    num_workers: int,
    cache: Cache | None = None,
    deadline: float = math.inf,
    say: Callable[[str], None] = lambda _: None,
) -> Layout:
    """Return how to train ``recipes``: which trials together, which one by one and why.

    Args:
        task: the module's data, loss and builder.
        recipes: one a trial.
        modules: what the builder made of each.
        num_workers: packs that run side by side.
        cache: of measured crossovers; the user's own without it.
        deadline: moment of :func:`time.monotonic` at which all training ends; nothing is measured when that would take
            a large part of the time.
        say: told what is being measured.
    """
    cache = cache or Cache()
    keys = [structure(recipe, task) for recipe in recipes]
    groups = [
        _Group(found, [recipes[k] for k in found], [modules[k] for k in found]) for found in grouped(keys)
    ]
    spare_seconds = (deadline - time.monotonic()) / len(groups)
    measures = spare_seconds > MEASURED_SHARE * SECONDS
    packs: list[PackPlan] = []
    reasons: dict[str, list[int]] = {}
    for group in groups:
        check_plain(task, group.recipes[0])
        reason = check_lift(task, group.recipes, group.modules) if len(group.trials) > 1 else None
        if reason is not None:
            reasons.setdefault(reason, []).extend(group.trials)
        size = 1
        if reason is None and len(group.trials) > 1:
            say("measuring whether packing pays")
            size = _size(task, group, num_workers, cache, measures=measures)
        way: Way = "packed" if size > 1 else "alone"
        packs += [PackPlan(trials, way) for trials in dealt(group.trials, size, num_workers)]
    notes = [f"{_named(trials)} run one by one: {reason}." for reason, trials in reasons.items()]
    if len(groups) > 1 and len(groups) == len(recipes):
        notes.append(
            f"No two trials share a pack: trial 1 differs from trial 0 in {difference(modules[0], modules[1])}."
            if signature(modules[0]) != signature(modules[1])
            else "No two trials share a pack: their batch sizes, update rules or other kinds of settings differ."
        )
    num_threads = _num_threads(task, recipes, packs, num_workers, cache) if measures else 1
    return Layout(tuple(packs), tuple(notes), num_threads)


def _num_threads(
    task: ModelTask, recipes: Sequence[Recipe], packs: Sequence[PackPlan], num_workers: int, cache: Cache
) -> int:
    """Return how many threads an operation should use: more than one only where cores idle and it clearly pays."""
    spare = num_workers // len(packs)
    if spare < 2 or task.device.type != "cpu":
        return 1
    first = packs[0]
    mine = [recipes[k] for k in first.trials]
    way = task if first.way == "packed" else task.alone()

    def steps(num_threads: int) -> float:
        with threads(num_threads):
            return typical_seconds(_stepper(way, mine))

    def run() -> Crossover:
        return Crossover(steps(1), {spare: steps(spare)})

    key = _key(task, mine[0], "threads", first.way, len(mine))
    found = measured(cache, key, [spare], run)
    return spare if found.packed_seconds[spare] * CLEARLY < found.alone_seconds else 1


def _key(task: ModelTask, recipe: Recipe, *parts: object) -> str:
    """Return the name of a measurement: machine, shapes of module and data, what the functions do."""
    rows = [(path, values.dtype, tuple(values.shape[1:])) for path, values in leaves(task.train)]
    words = [described(function) for function in (task.build, task.loss, task.error)]
    return key_of(structure(recipe, task), rows, words, task.device, *parts)


def _size(task: ModelTask, group: _Group, num_workers: int, cache: Cache, *, measures: bool) -> int:
    """Return the number of trials that should share a program, within the memory."""
    fitting = largest_pack(bytes_a_trial(task, group.recipes[0]), free_bytes(task.device), num_workers)
    most = min(fitting, -(-len(group.trials) // num_workers))
    return best_size(task, group.recipes, group.modules[0], most, cache, measures=measures)


def best_size(
    task: ModelTask,
    recipes: Sequence[Recipe],
    module: nn.Module,
    most: int,
    cache: Cache,
    *,
    measures: bool = True,
) -> int:
    """Return how many trials of one structure should share a program; 1 where one by one is fastest.

    Args:
        task: of a module that can be lifted.
        recipes: of trials of that structure, at least ``most``.
        module: of the first.
        most: there are no more, or memory holds no more.
        cache: of measured crossovers.
        measures: whether there is time to measure; without, what the cache knows counts, or a guess.
    """
    if most < 2:
        return 1

    def stepper(some: Sequence[Recipe], *, lifted: bool) -> Step:
        return _stepper(task.alone() if not lifted else task, some)

    def run() -> Crossover:
        with threads():  # as in training
            return measure(
                lambda: stepper(recipes[:1], lifted=False),
                lambda size: stepper(recipes[:size], lifted=True),
                most,
            )

    key = _key(task, recipes[0], str(module))
    if not measures:
        known = cache.get(f"{key}/{most}")
        return min(GUESS if known is None else known.size, most)
    return min(measured(cache, key, [most], run).size, most)


def _stepper(task: ModelTask, recipes: Sequence[Recipe]) -> Step:
    """Return a function that does one update of a pack, at a rate of zero."""
    pack = Pack(recipes, task)
    zero = np.zeros((1, len(recipes)))
    indices = pack.batches(0, 1)[0]

    def step() -> None:
        pack.update.plan(0, zero, zero)
        with torch.no_grad():
            pack.update.run(indices, 0)

    return step


def _named(trials: Sequence[int]) -> str:
    """Return "Trials 0, 1, 2 and 5 more"."""
    shown = ", ".join(map(str, trials[:5]))
    more = f" and {len(trials) - 5} more" if len(trials) > 5 else ""
    return f"Trial{'s' if len(trials) > 1 else ''} {shown}{more}"
