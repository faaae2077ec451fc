"""Lays out the trials of a user's own module: groups of one shape, trusted or not, packed where that is faster.

Source: the measurements under "Packs" in `docs/experiments.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from practicum.engine.crew.cores import threads
from practicum.engine.plans.crossover import (
    Cache,
    Crossover,
    Step,
    key_of,
    measure,
    measured,
    typical_seconds,
)
from practicum.engine.plans.layout import Layout, PackPlan, Way, dealt, grouped
from practicum.engine.plans.memory import free_bytes, largest_pack
from practicum.recipe import Recipe
from practicum.training.lift.memory import bytes_a_trial
from practicum.training.lift.signature import difference, signature
from practicum.training.lift.task import ModelTask
from practicum.training.lift.trust import check_lift
from practicum.training.pack import Pack, structure

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
    say: Callable[[str], None] = lambda _: None,
) -> Layout:
    """Return how to train ``recipes``: which trials together, which one by one and why.

    Args:
        task: the module's data, loss and builder.
        recipes: one a trial.
        modules: what the builder made of each.
        num_workers: packs that run side by side.
        cache: of measured crossovers; the user's own without it.
        say: told what is being measured.
    """
    cache = cache or Cache()
    keys = [structure(recipe, task) for recipe in recipes]
    groups = [
        _Group(found, [recipes[k] for k in found], [modules[k] for k in found]) for found in grouped(keys)
    ]
    packs: list[PackPlan] = []
    reasons: dict[str, list[int]] = {}
    for group in groups:
        reason = check_lift(task, group.recipes, group.modules) if len(group.trials) > 1 else None
        if reason is not None:
            reasons.setdefault(reason, []).extend(group.trials)
        size = 1
        if reason is None and len(group.trials) > 1:
            say("measuring whether packing pays")
            size = _size(task, group, num_workers, cache)
        way: Way = "packed" if size > 1 else "alone"
        packs += [PackPlan(trials, way) for trials in dealt(group.trials, size, num_workers)]
    notes = [f"{_named(trials)} run one by one: {reason}." for reason, trials in reasons.items()]
    if len(groups) > 1 and len(groups) == len(recipes):
        notes.append(
            f"No two trials share a pack: trial 1 differs from trial 0 in {difference(modules[0], modules[1])}."
            if signature(modules[0]) != signature(modules[1])
            else "No two trials share a pack: their batch sizes, update rules or other kinds of settings differ."
        )
    return Layout(tuple(packs), tuple(notes), _num_threads(task, recipes, packs, num_workers, cache))


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

    key = key_of("threads", structure(mine[0], task), first.way, len(mine))
    found = measured(cache, key, [spare], run)
    return spare if found.packed_seconds[spare] * CLEARLY < found.alone_seconds else 1


def _size(task: ModelTask, group: _Group, num_workers: int, cache: Cache) -> int:
    """Return the number of trials that should share a program, within the memory."""
    recipe = group.recipes[0]
    fitting = largest_pack(bytes_a_trial(task, recipe), free_bytes(task.device), num_workers)
    most = min(fitting, -(-len(group.trials) // num_workers))
    if most < 2:
        return 1

    def stepper(recipes: Sequence[Recipe], *, lifted: bool) -> Step:
        return _stepper(task.alone() if not lifted else task, recipes)

    key = key_of(structure(recipe, task), task.device)
    found = measured(
        cache,
        key,
        [most],
        lambda: measure(
            lambda: stepper(group.recipes[:1], lifted=False),
            lambda size: stepper(group.recipes[:size], lifted=True),
            most,
        ),
    )
    return min(found.size, most)


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
