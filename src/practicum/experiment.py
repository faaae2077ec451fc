"""THE MAIN PATH, top to bottom: read, prepare, baselines, learning rate, committee, test once, report.

Everything that `practicum fit` does happens in :func:`fit`, in this order; each step is a call into the room that
knows how.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from practicum.core.errors import DivergedError
from practicum.core.summary import Summary
from practicum.data.dataset import Task as TaskName
from practicum.data.pipeline import Loaded, Prepared, load, prepare
from practicum.data.schema import Schema
from practicum.engine.clock import Clock, Progress, ignore
from practicum.engine.device import device_called
from practicum.engine.interrupt import Interrupts
from practicum.engine.phase import Result
from practicum.engine.trainer import Trainer, network_of
from practicum.engine.workers import Workers
from practicum.models.baselines import Baseline, fit_baselines
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_ends, check_perceptron
from practicum.report.assemble import Outcome, summarise
from practicum.report.plan import plan_text
from practicum.report.save import save_run
from practicum.runs.folder import check_out, default_out
from practicum.runs.layout import FILES
from practicum.tuning.learning_rate import RateSearch, find_learning_rate, wide_rates

BASELINE_SHARE = 0.08


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a user asks for.

    Attributes:
        data: path of a table, or a table in memory.
        target: column to predict.
        test: the same for testing; ``None`` keeps rows of ``data`` for that.
        task: "auto", "binary", "multiclass" or "regression".
        budget_seconds: wall clock of the whole command; ``None`` for no limit.
        num_seeds: members of the final committee [3.2-35].
        seed: where all random numbers start [3.2-34].
        out: new folder for the run; ``None`` for a name made of the data's and the time.
        recipe: train this one and search nothing.
        schema: what the columns are, edited by a person.
        group: rows with one value of this column stay in one part of the split.
        time: train on the past, test on the future of this column.
        device: where networks are trained: "auto", "cpu", "cuda", …
        started: moment of :func:`time.monotonic` when the budget began.
    """

    data: Any
    target: str
    test: Any | None = None
    task: TaskName | Literal["auto"] = "auto"
    budget_seconds: float | None = 60.0
    num_seeds: int = 5
    seed: int = 0
    out: Path | None = None
    recipe: Recipe | None = None
    schema: Schema | None = None
    group: str | None = None
    time: str | None = None
    device: str = "auto"
    started: float = field(default_factory=monotonic)


def fit(request: Request, report: Callable[[Progress], None] = ignore) -> Summary:
    """Do everything and return the summary; the run folder is written at the end, whole or not at all.

    Ctrl-C during training ends it: the best so far is evaluated, saved and reported.

    Raises:
        DataError, ConfigError: if the data or the settings cannot be used.
        DivergedError: if no trial reached a finite validation error.
        KeyboardInterrupt: if interrupted before anything was trained.
    """
    _check_recipe(request)
    device = device_called(request.device)
    created = datetime.now(UTC)
    clock = Clock(request.started, request.budget_seconds or math.inf, report)
    clock.enter("reading")
    table = load(request.data, request.target, request.test)
    out = request.out or default_out(table.source, datetime.now().astimezone())
    check_out(out)
    clock.enter("preparing")
    recipe, data = _prepare(request, table)
    clock.enter("baselines")
    baselines = _baselines(data, clock)
    with Interrupts() as interrupts:
        with Workers() as workers:
            trainer = Trainer(workers, data, clock, interrupts, device)
            search, members = _train(request, recipe, trainer)
        clock.enter("testing")
        outcome = _outcome(search, members, trainer, request.seed)
        # After a Ctrl-C in the search its best trial alone is the committee.
        num_seeds = 1 if search and members[0] is search.best else request.num_seeds
        command = again(request, table.source, out, num_seeds)
        summary, predictions = summarise(
            data, baselines, outcome, clock, created=created, run=out, command=command, seed=request.seed
        )
        return save_run(summary, predictions, data, outcome, clock)


def plan(request: Request) -> str:
    """Return in words what :func:`fit` would do; reads the data, trains nothing, writes nothing."""
    _check_recipe(request)
    recipe, data = _prepare(request, load(request.data, request.target, request.test))
    rates = wide_rates() if request.recipe is None else None
    network = network_of(data, recipe)
    return plan_text(data, recipe, network, request.num_seeds, request.budget_seconds, rates)


def again(request: Request, source: str, out: Path, num_seeds: int) -> str:
    """Return the line that trains the same committee again from the run's own recipe; none for data in memory."""
    if not isinstance(request.data, str | Path) or not isinstance(request.test, str | Path | None):
        return ""
    words = ["practicum", "fit", source, "--target", request.target]
    words += ["--test", str(request.test)] if request.test is not None else []
    words += ["--group", request.group] if request.group else []
    words += ["--time", request.time] if request.time else []
    words += ["--recipe", str(out / FILES["recipe"]), "--schema", str(out / FILES["schema"])]
    words += ["--seeds", str(num_seeds), "--seed", str(request.seed)]
    return shlex.join(words)


def default_recipe(is_pixels: bool) -> Recipe:
    """Return the guide's defaults; pixels are brought to [0, 1] together, not each by itself [3.1-02, 3.2-38]."""
    return Recipe(preprocess="unit") if is_pixels else Recipe()


def _prepare(request: Request, table: Loaded) -> tuple[Recipe, Prepared]:
    """Return the recipe to start from and the data prepared as it says."""
    recipe = request.recipe or default_recipe(table.is_pixels)
    data = prepare(
        table,
        task=request.task,
        recipe=recipe,
        seed=request.seed,
        schema=request.schema,
        group=request.group,
        time=request.time,
    )
    return recipe, data


def _baselines(data: Prepared, clock: Clock) -> list[Baseline]:
    seconds = max(1.0, clock.share(BASELINE_SHARE) - monotonic())
    return fit_baselines(data.train, data.valid, data.test, data.schema.task, min(seconds, 120.0))


def _train(request: Request, recipe: Recipe, trainer: Trainer) -> tuple[RateSearch | None, list[Result]]:
    """Search the rate unless a recipe fixes it, then train its committee; Ctrl-C keeps the best so far."""
    search, recipe = None, trainer.paced(recipe)
    if request.recipe is None:
        counted = None if trainer.data.schema.task == "regression" else len(trainer.data.valid)
        search = find_learning_rate(recipe.changed(seed=request.seed), trainer.search_phase, counted)
        best = search.best
        _check_some_finite([best], search.rates, interrupted=search.interrupted)
        if search.interrupted:
            return search, [best]
        recipe = recipe.changed(learning_rate=best.recipe.learning_rate)
    seeds = range(request.seed, request.seed + request.num_seeds)
    phase = trainer.committee([recipe.changed(seed=seed) for seed in seeds], "seeds" if search else "recipe")
    members = [result for result in phase.results if math.isfinite(result.valid_error)]
    if search is not None and not members:
        members = [search.best]
    _check_some_finite(members, (recipe.learning_rate,), interrupted=phase.interrupted)
    return search, members


def _outcome(search: RateSearch | None, members: Sequence[Result], trainer: Trainer, seed: int) -> Outcome:
    """Gather what training gave."""
    final = _final_recipe(members, seed)
    return Outcome(
        network=network_of(trainer.data, final),
        recipe=final,
        search=search,
        members=members,
        trials=trainer.results,
        phases=trainer.phases,
        record=trainer.record,
        interrupted=trainer.interrupted,
    )


def _final_recipe(members: Sequence[Result], seed: int) -> Recipe:
    """Return the recipe that trains the committee again: the clock's decision written down as a number."""
    recipe = members[0].recipe.changed(seed=seed)
    cut = [member.num_steps for member in members if member.status in ("budget", "stopped")]
    # Where patience ended all, one update more is granted: a limit met exactly would add a validation there.
    most = max(cut) if cut else recipe.num_steps or 1 + max(member.num_steps for member in members)
    return recipe.changed(num_steps=most)


def _check_some_finite(results: Sequence[Result], rates: Sequence[float], *, interrupted: bool) -> None:
    if any(math.isfinite(result.valid_error) for result in results):
        return
    if interrupted:
        raise KeyboardInterrupt
    shown = ", ".join(f"{rate:g}" for rate in rates)
    raise DivergedError(
        f"At least one trial must reach a finite validation error, but all diverged (learning rates {shown}). "
        "Check the inputs for extreme values, or give a recipe with a smaller learning rate.",
        rates=tuple(rates),
    )


def _check_recipe(request: Request) -> None:
    """Refuse a recipe that cannot train a perceptron, that nothing would end, or that ends before it is validated."""
    if request.recipe is not None:
        check_perceptron(dict(request.recipe))
        unlimited = math.isinf(request.budget_seconds or math.inf)
        check_ends(request.recipe, "the recipe", unlimited=unlimited)
