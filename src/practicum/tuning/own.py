"""The search over a user's own module: its structures looked at, its pace measured, then the chapter's procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from practicum.core.estimates.rough import SQUARED, Doubt, doubt_of, unknown
from practicum.core.record import Record
from practicum.engine.clock import Clock
from practicum.engine.crew.cores import threads
from practicum.engine.interrupt import Interrupts
from practicum.engine.modules import Modules
from practicum.engine.own import fingerprint
from practicum.engine.plans.memory import free_bytes
from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.training.lift.instance import instances
from practicum.training.lift.losses import NamedLoss
from practicum.training.lift.noise import dropout_modules
from practicum.training.lift.signature import signature
from practicum.training.lift.task import ModelTask
from practicum.tuning.demand import Demand
from practicum.tuning.effort import Effort, effort_for
from practicum.tuning.finals import NUM_FINALISTS, Finalist
from practicum.tuning.kept import Kept
from practicum.tuning.procedure import Hunt
from practicum.tuning.samplers.quasi_random import QuasiRandom
from practicum.tuning.study import Store
from practicum.tuning.work import Work

NUM_PROBES = 4
"""Settings of the space whose modules are built, compared and timed before the search begins."""

SHAPES_AT_LEAST = 6
"""A search proposes shapes in groups, so that they can share programs; there are at least so many groups."""

WEIGHTS_SHARE = 0.1
"""Part of the free memory that the weights of finished trials may take."""

SHAPE_SETTINGS = ("hidden_sizes", "num_layers", "width", "activation", "dropout")
"""Settings that do nothing unless ``build`` reads them."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search over a module gave.

    Attributes:
        hunt: all settings.
        finalists: the best few, the best first.
        effort: how much was done.
        record: all that was measured.
        notes: what a user should know.
        interrupted: whether Ctrl-C ended it.
    """

    hunt: Hunt
    finalists: Sequence[Finalist]
    effort: Effort
    record: Record
    notes: tuple[str, ...]
    interrupted: bool


def search_module(
    task: ModelTask,
    space: Space,
    demand: Demand,
    clock: Clock,
    *,
    seed: int = 0,
    asked: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    store: Store | None = None,
) -> Searched:
    """Search ``space`` for the best setting of a user's module.

    Args:
        task: module, loss and data.
        space: what is varied.
        demand: how much to do.
        clock: the budget, running.
        seed: of the search; the finals begin with it.
        asked: all else that must be the same when a search goes on, as JSON.
        folder: of checkpoints, to go on from; none without it.
        store: is told of every finished setting.

    Raises:
        ConfigError, DataError, ShapeError: if the module, the data or the settings cannot be used.
        DivergedError: if everything diverged.
        KeyboardInterrupt: if Ctrl-C came before anything was reached.
        RecordError: if the folder holds another search.
    """
    clock.enter("looking")
    probes = probes_of(space)
    data = "" if folder is None else fingerprint(task, instances(task, probes))
    keeper = None if folder is None else Kept.open(folder, {**(asked or {}), "data": data})
    modules = Modules(task, demand.num_workers or 1, folder, clock.training_ends)
    with Interrupts() as interrupts, threads():
        for recipe in probes:
            modules.way(recipe)
        work = Work(
            modules,
            task.num_valid,
            doubt_about(task),
            clock,
            interrupts,
            seed=seed,
            num_workers=demand.num_workers,
            keeper=keeper,
            store=store,
            data=data,
            most_kept=_most_kept(task, probes),
            largest_pack=modules.largest_pack,
        )
        effort = work.decide(lambda: _effort(modules, space, demand, clock, probes))
        hunted = work.search(effort)
        effort = work.searched(effort, hunted)
        finalists = work.finals_of(effort, hunted)
    return Searched(hunted, finalists, effort, work.record, modules.notes, work.interrupted)


def probes_of(space: Space) -> list[Recipe]:
    """Return a few recipes spread over ``space``."""
    if not space.entries:
        return [space.base]
    return [space.recipe(values) for values in QuasiRandom(space, seed=0).ask(NUM_PROBES)]


def idle_entries(task: ModelTask, space: Space) -> tuple[str, ...]:
    """Return the entries of ``space`` that change nothing, since ``build`` does not read them.

    Example:
        >>> import torch
        >>> task = ModelTask(lambda recipe: torch.nn.Linear(1, 1), None, None, torch.ones(4, 1), torch.ones(4, 1))
        >>> idle_entries(task, Space.preset("small"))
        ('width',)
    """
    middle = dict.fromkeys(space.names, 0.5)

    def built(unit: float, name: str) -> tuple[Any, list[float]]:
        recipe = space.recipe(space.values({**middle, name: unit}))
        module = instances(task, [recipe])[0]
        return signature(module), [part.p for part in dropout_modules(module).values()]

    last = 1 - 1e-9
    return tuple(
        name for name in space.names if name in SHAPE_SETTINGS and built(0.0, name) == built(last, name)
    )


def doubt_about(task: ModelTask) -> Doubt:
    """Return the doubt about validation errors of ``task``, as far as its loss has a name."""
    if task.error is not None or not isinstance(task.loss, NamedLoss):
        return unknown
    if task.loss.name == "squared_error":
        return doubt_of(SQUARED, "regression", (task.num_valid,))
    return doubt_of("error", "binary", (task.num_valid,))


def _effort(modules: Modules, space: Space, demand: Demand, clock: Clock, probes: Sequence[Recipe]) -> Effort:
    """Return how much to do, by the pace of a few of the space's modules."""
    effort = effort_for(demand, clock, lambda _: space, lambda: modules.seconds_an_example(probes))
    # Where nothing can be lifted, equal shapes save nothing, and other shapes say more.
    groups = max(1, effort.lengths.num_trials // SHAPES_AT_LEAST)
    alike = min(modules.largest_pack, groups) if modules.any_lifted else 1
    return replace(effort, num_alike=alike, pack_size=min(modules.largest_pack, max(4, alike)))


def _most_kept(task: ModelTask, probes: Sequence[Recipe]) -> int:
    """Return of how many settings the memory can keep the weights."""
    largest: int = max(
        sum(value.numel() * value.element_size() for value in module.state_dict().values())
        for module in instances(task, probes)
    )
    return max(NUM_FINALISTS, int(WEIGHTS_SHARE * free_bytes(task.device)) // max(1, largest))
