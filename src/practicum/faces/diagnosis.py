"""What is wrong with a finished run, and what would help: the verdict, the layers, and changes that were tried.

Only training and validation rows are looked at. The test rows stay what they are, so that whoever follows the advice
can be tested on them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from practicum.core.errors import DataError
from practicum.core.record import Record
from practicum.core.summary import Fitting, Summary
from practicum.data.pipeline import TEST_FRACTION, Loaded, Prepared, load, prepare
from practicum.data.schema import Schema
from practicum.diagnose.evidence.recipe_comparison import RecipeComparison
from practicum.diagnose.evidence.trials import anew, from_weights
from practicum.diagnose.fitting import curve_of, fitting_verdict
from practicum.diagnose.layers import Layers, look_at_layers, start_of
from practicum.engine.clock import Clock, Progress, ignore
from practicum.engine.device import device_called
from practicum.engine.interrupt import Interrupts
from practicum.engine.tasks import Tasks
from practicum.faces.diagnosed import RunDiagnosis, capacity_words
from practicum.recipe import Recipe
from practicum.runs.committee import Committee
from practicum.runs.opening import OpenRun

WEIGHTS_SHARE = 0.3
"""Part of the time that goes to changes from the run's own weights."""

LEAST_UPDATES = 100


def diagnose_run(
    files: OpenRun,
    *,
    data: Any = None,
    budget_seconds: float = 60.0,
    device: str = "cpu",
    num_workers: int | None = None,
    report: Callable[[Progress], None] = ignore,
) -> RunDiagnosis:
    """Return what is wrong with a finished run and which changes of its recipe help.

    Ctrl-C keeps what was found so far.

    Args:
        files: the run.
        data: the table that it learned from; where it lay then, without it.
        budget_seconds: time for the changes that are tried.
        device: where trials are trained.
        num_workers: packs trained side by side; one per core by default.
        report: told about progress.

    Raises:
        DataError: if the table is gone, or is another one.

    Source:
        Bengio 2012, 4.1-08, 4.1-09, 4.2-12.
    """
    clock = Clock(time.monotonic(), budget_seconds, report)
    with Interrupts() as interrupts:
        clock.enter("reading")
        prepared = _prepared(files, data)
        recipe = Recipe.load(files.file("recipe"))
        tasks = Tasks(prepared, device_called(device), metric=files.summary.metric)
        committee = Committee.load(files.file("weights"))
        record = Record.load(files.file("record"))
        clock.enter("layers")
        layers = _layers(files.summary, tasks, recipe, committee)
        notes: list[str] = []
        clock.enter("trying", "changes from the run's weights")
        tried = _from_weights(files.summary, tasks, recipe, committee, record, clock, interrupts, notes)
        if not interrupts.asked:
            clock.say("changes that begin anew")
            tried += _anew(files.summary, tasks, recipe, clock, interrupts, num_workers, notes)
    tried.sort(key=lambda one: (not one.confirmed, one.anew))
    return RunDiagnosis(
        files.path,
        _fitting(files.summary, record),
        layers,
        tuple(tried),
        capacity_words(tried),
        interrupts.asked,
        tuple(notes),
    )


def _prepared(files: OpenRun, data: Any) -> Prepared:
    """Return the rows as the run had them; its test rows are set aside and never looked at."""
    summary = files.summary
    source = summary.source if data is None else data
    if data is None and not Path(summary.source).is_file():
        raise DataError(
            f"The table that the run learned from must be there, but {summary.source} is not. Name it by `--data FILE` "
            "(`data` in Python), or diagnose where it lies.",
            source=summary.source,
        )
    loaded = load(source, summary.target)
    parts = summary.split
    tested_beside = summary.test_source is not None or summary.nested is not None
    prepared = prepare(
        Loaded(loaded.table, loaded.target, None),
        task=summary.task,
        recipe=Recipe.load(files.file("recipe")),
        seed=parts.seed or 0,
        schema=Schema.load(files.file("schema")),
        group=parts.column if parts.method == "group" else None,
        time=parts.column if parts.method == "time" else None,
        test_fraction=0.0 if tested_beside else TEST_FRACTION,
    )
    mine, theirs = (len(prepared.train), len(prepared.valid)), (summary.rows.train, summary.rows.valid)
    if mine != theirs:
        raise DataError(
            f"`data` must be the table that the run learned from, but it gives {mine[0]:,} training and {mine[1]:,} "
            f"validation rows where the run had {theirs[0]:,} and {theirs[1]:,}. Name the right file.",
            source=str(source),
        )
    return prepared


def _fitting(summary: Summary, record: Record) -> Fitting | None:
    """Return the verdict by training and validation rows [4.1-08]."""
    if summary.train is None or summary.valid is None:
        return summary.fitting
    errors = {one.name: one.valid.error for one in summary.baselines if one.valid is not None}
    best = min(summary.members, key=lambda one: one.valid_error or math.inf, default=summary.best_trial)
    curve = None
    if best is not None:
        cut_short = best.status in ("budget", "num_steps", "stopped")
        curve = curve_of(record.frame(), best.number, cut_short=cut_short)
    return fitting_verdict(
        summary.task,
        train=summary.train,
        valid=summary.valid,
        constant_error=errors.get("constant"),
        linear_error=errors.get("linear"),
        curve=curve,
        metric=summary.metric,
    )


def _own(tasks: Tasks, recipe: Recipe, committee: Committee) -> list[int]:
    """Return the numbers of the members that the recipe has trained, as far as their shape tells."""
    network = tasks.network_of(recipe)
    return [k for k, member in enumerate(committee.members) if member.network == network]


def _layers(summary: Summary, tasks: Tasks, recipe: Recipe, committee: Committee) -> Layers | None:
    """Return what the hidden layers of the first member of the recipe know."""
    own = [k for k in _own(tasks, recipe, committee) if recipe.num_folds or committee.preparations[k] == 0]
    if not own or recipe.num_folds:
        return None
    member = committee.members[own[0]]
    seeds = sorted({one.seed for one in summary.trials} | {recipe.seed})
    part = tasks.preparations.of(recipe)
    return look_at_layers(member, start_of(member, recipe, seeds), part.train, part.valid)


def _from_weights(
    summary: Summary,
    tasks: Tasks,
    recipe: Recipe,
    committee: Committee,
    record: Record,
    clock: Clock,
    interrupts: Interrupts,
    notes: list[str],
) -> list[RecipeComparison]:
    """Return what changes do from the weights of the run's networks."""
    own = _own(tasks, recipe, committee)
    if recipe.num_folds or not own:
        why = "its members come from folds" if recipe.num_folds else "no member is of its recipe"
        notes.append(f"changes from the run's weights: {why}.")
        return []
    now = recipe.changed(learning_rate=_last_rate(summary, record) or recipe.learning_rate)
    return from_weights(
        tasks,
        now,
        [committee.members[k].state_dict() for k in own],
        seconds=WEIGHTS_SHARE * clock.budget_seconds,
        report=lambda done: clock.say(fraction=WEIGHTS_SHARE * done),
        stop=lambda: interrupts.asked,
    )


def _last_rate(summary: Summary, record: Record) -> float | None:
    """Return the learning rate with which the run's trainings ended."""
    numbers = [one.number for one in summary.members]
    rows = record.frame().filter(record.frame()["trial"].is_in(numbers))
    rates = rows.sort("step")["learning_rate"].drop_nans().drop_nulls().to_list()
    return float(rates[-1]) if rates and rates[-1] > 0 else None


def _anew(
    summary: Summary,
    tasks: Tasks,
    recipe: Recipe,
    clock: Clock,
    interrupts: Interrupts,
    num_workers: int | None,
    notes: list[str],
) -> list[RecipeComparison]:
    """Return what changes do that begin anew, with as many updates as there is time for."""
    trained = [one for one in summary.members if one.num_steps] or [
        one for one in summary.trials if one.num_steps
    ]
    whole = recipe.num_steps or max((one.num_steps for one in trained), default=LEAST_UPDATES)
    seconds = sum(one.seconds for one in trained) / max(1, sum(one.num_steps for one in trained))
    left = max(0.0, clock.budget_seconds - clock.seconds())
    steps = whole if not seconds else min(whole, int(left / (60 * seconds)))
    given = recipe.changed(num_steps=max(min(whole, LEAST_UPDATES), steps))
    if given.num_steps is not None and given.num_steps < whole:
        notes.append(
            f"updates beyond {given.num_steps:,} of {whole:,} in trials that begin anew: the time is short."
        )
    found = anew(
        tasks,
        given,
        num_workers=num_workers,
        deadline=clock.started + 2 * clock.budget_seconds,
        report=lambda done: clock.say(fraction=WEIGHTS_SHARE + (1 - WEIGHTS_SHARE) * done),
        stop=lambda: interrupts.asked,
    )
    if not found:
        notes.append("changes that begin anew: too few trials came to their end. Give more `--budget`.")
    return [replace(one, num_steps=given.num_steps or one.num_steps) for one in found]
