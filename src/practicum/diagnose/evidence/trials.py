"""Changes of a finished run's recipe, tried as packs of trials by our own engine, on its training and validation rows.

From the weights of the run's networks a few updates tell what a change does now; where shapes change both sides begin
anew with equal budgets. Trials of one pair share their seed: order, noise and, anew, initial weights.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from practicum.core.events import Validated
from practicum.diagnose.evidence.ab import NUM_STEPS
from practicum.diagnose.evidence.recipe_comparison import Reached, RecipeComparison, compared
from practicum.diagnose.evidence.recipes import CHANGES
from practicum.engine.crew.cores import threads
from practicum.engine.plans.layout import dealt
from practicum.engine.plans.plan import Plan
from practicum.engine.run import run as run_plans
from practicum.engine.tasks import Tasks
from practicum.recipe import Recipe
from practicum.training.loop import run
from practicum.training.pack import Pack, structure
from practicum.training.update import Update

NUM_PAIRS = 8
"""Pairs of trials from the weights of a run's networks."""

NUM_SEEDS = 5
"""Pairs of trials that begin anew."""

LARGEST_PACK = 16
LEAST_STEPS = 20
LEAST_PAIRS = 3
TIMED_STEPS = 10

Say = Callable[[float], None]
Weights = Mapping[str, Tensor]


def from_weights(
    tasks: Tasks,
    recipe: Recipe,
    members: Sequence[Weights],
    *,
    seconds: float,
    report: Say = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[RecipeComparison]:
    """Return what changes that keep the shapes do in a few updates from the weights of a run's networks.

    Args:
        tasks: gives the rows.
        recipe: as the networks were trained at their end.
        members: weights of each; with fewer than :data:`NUM_PAIRS` each serves several orders of the rows.
        seconds: time for all.
        report: told which part is done.
        stop: asked between updates whether to end; then nothing is returned.
    """
    task = tasks.task(recipe)
    base = _steady(recipe)
    arms = [(change, change.of(base)) for change in CHANGES if not change.anew]
    known = {change: one for change, one in arms if one is not None and _alike(one, base, tasks)}
    recipes = [base, *known.values()]
    pairs = max(NUM_PAIRS, len(members))
    trials = [one.changed(seed=recipe.seed + pair) for one in recipes for pair in range(pairs)]
    packs = dealt(range(len(trials)), LARGEST_PACK)

    def pack_of(numbers: Sequence[int]) -> Pack:
        pack = Pack([trials[k] for k in numbers], task, tuple(numbers))
        for position, number in enumerate(numbers):
            member = dict(members[number % pairs % len(members)])
            pack.parameters.put(position, member)
            pack.best.put(position, member)
        pack.update = Update(pack.program, pack.recipes, pack.coefficients)
        return pack

    ends: dict[int, Reached] = {}
    with threads(1):
        num_steps = _affordable(pack_of(packs[0]), seconds / len(packs))
        for place, numbers in enumerate(packs):
            pack = pack_of(numbers)
            if stop():
                return []
            for until in range(0, num_steps + 1, max(1, num_steps // 4)):
                for event in run(pack, min(until, num_steps)):
                    if isinstance(event, Validated):
                        _note(ends, event)
            for _ in run(pack, num_steps):
                pass
            evaluation = pack.evaluate()
            for position, number in enumerate(numbers):
                train_loss = ends[number].train_loss if number in ends else math.nan
                loss, error = float(evaluation.loss[position]), float(evaluation.error[position])
                ends[number] = Reached(loss, error, train_loss)
            report((place + 1) / len(packs))
    by_arm = [[ends[arm * pairs + pair] for pair in range(pairs)] for arm in range(len(recipes))]
    return compared(by_arm[0], dict(zip(known, by_arm[1:], strict=True)), num_steps, recipe.seed)


def anew(
    tasks: Tasks,
    recipe: Recipe,
    *,
    num_workers: int | None = None,
    deadline: float = math.inf,
    report: Say = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[RecipeComparison]:
    """Return what changes do that need a training of their own, all with as many updates as ``recipe`` says.

    Args:
        tasks: gives the rows.
        recipe: of the run; its ``num_steps`` is the budget.
        num_workers: packs side by side; one per core by default.
        deadline: moment of :func:`time.monotonic` at which to end; what is not whole by then is left out.
        report: told which part is done.
        stop: asked after every rung whether to end; what is whole by then is returned.
    """
    arms = [(change, change.of(recipe)) for change in CHANGES if change.anew]
    known = {change: one for change, one in arms if one is not None}
    recipes = [recipe, *known.values()]
    trials = {
        arm * NUM_SEEDS + seed: _seeded(one, seed)
        for seed in range(NUM_SEEDS)
        for arm, one in enumerate(recipes)
    }
    plans = _plans(tasks, trials)
    ends: dict[int, Reached] = {}
    for result in run_plans(plans, num_workers=num_workers, deadline=deadline, report=report, stop=stop):
        if result.status not in ("stopped", "budget", "failed"):
            ends[result.trial] = Reached(result.valid_loss, result.valid_error, result.train_loss)
    whole = [
        seed
        for seed in range(NUM_SEEDS)
        if all(arm * NUM_SEEDS + seed in ends for arm in range(len(recipes)))
    ]
    if len(whole) < LEAST_PAIRS:
        return []
    by_arm = [[ends[arm * NUM_SEEDS + seed] for seed in whole] for arm in range(len(recipes))]
    others = dict(zip(known, by_arm[1:], strict=True))
    return compared(by_arm[0], others, recipe.num_steps or 0, recipe.seed)


def _steady(recipe: Recipe) -> Recipe:
    """Return the recipe without an end of its own, its rate constant, the parameters themselves to predict."""
    return recipe.changed(
        schedule="power",
        decay_start_step=None,
        schedule_steps=None,
        warm_up_steps=0,
        initial_momentum=None,
        num_steps=None,
        early_stopping=False,
        significant_only=False,
        averaging=0.0,
        validate_every_steps=NUM_STEPS // 4,
    )


def _alike(one: Recipe, base: Recipe, tasks: Tasks) -> bool:
    """Return whether two recipes can be trained in one pack."""
    task = tasks.task(base)
    return structure(one, task) == structure(base, task)


def _affordable(pack: Pack, seconds: float) -> int:
    """Return how many updates of a pack there is time for; the pack is used up."""
    for _ in run(pack, 1):
        pass
    started = time.perf_counter()
    for _ in run(pack, 1 + TIMED_STEPS):
        pass
    each = (time.perf_counter() - started) / TIMED_STEPS
    return int(max(LEAST_STEPS, min(NUM_STEPS, seconds / max(each, 1e-9))))


def _note(ends: dict[int, Reached], event: Validated) -> None:
    """Keep the last training loss of each trial."""
    for position, trial in enumerate(event.trials):
        ends[trial] = Reached(
            float(event.valid_loss[position]),
            float(event.valid_error[position]),
            float(event.train_loss[position]),
        )


def _seeded(recipe: Recipe, seed: int) -> Recipe:
    """Return the recipe of one pair; pairs take the folds in turn."""
    fold = seed % recipe.num_folds if recipe.num_folds else recipe.fold
    return recipe.changed(seed=recipe.seed + seed, fold=fold)


def _plans(tasks: Tasks, trials: Mapping[int, Recipe]) -> list[Plan]:
    """Return the packs: trials of one structure together, a few at a time."""
    numbers = list(trials)
    laid_out = dict(zip(numbers, tasks.tasks([trials[k] for k in numbers]), strict=True))
    groups: dict[object, list[int]] = {}
    for number in numbers:
        task = laid_out[number]
        groups.setdefault((id(task), structure(trials[number], task)), []).append(number)
    return [
        Plan([trials[k] for k in some], laid_out[some[0]], some)
        for group in groups.values()
        for some in dealt(group, LARGEST_PACK)
    ]
