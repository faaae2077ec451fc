"""THE MAIN PATH, top to bottom: read, prepare, baselines, search, finals, committee, test once, report.

Everything that `practicum fit` does happens in :func:`learn`, in this order; each step is a call into the room that
knows how.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from practicum.core.estimates.rough import doubt_of
from practicum.core.measuring import check_measurable
from practicum.core.summary import Summary
from practicum.data.pipeline import TEST_FRACTION, Loaded, Prepared, load, prepare
from practicum.diagnose.hopeless import hopeless
from practicum.engine.clock import Clock, Progress, ignore
from practicum.engine.device import device_called
from practicum.engine.interrupt import Interrupts
from practicum.engine.tasks import Tasks, network_of
from practicum.models.baselines import Baseline, fit_baselines
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_ends, check_perceptron
from practicum.recipe.following import following, space_following
from practicum.recipe.space import Space
from practicum.report.assemble import Learned, summarise
from practicum.report.plan import plan_text
from practicum.report.save import save_run
from practicum.request import Request
from practicum.runs.elect import elect
from practicum.runs.folder import check_out, default_out
from practicum.runs.layout import FILES
from practicum.runs.unfinished import Unfinished, asked
from practicum.tuning.beside import aside_for, draw_grid, tune_batch_size
from practicum.tuning.demand import Demand, space_for
from practicum.tuning.effort import Effort, effort_for, repeated
from practicum.tuning.exam import Exam, Stoppable
from practicum.tuning.finals import survivors
from practicum.tuning.study import Store
from practicum.tuning.timing import pace_of, time_finals
from practicum.tuning.work import Work

BASELINE_SHARE = 0.08


Learning = Callable[[Request, Loaded, Clock, Unfinished, Store], Learned]


def fit(
    request: Request, report: Callable[[Progress], None] = ignore, learning: Learning | None = None
) -> Summary:
    """Do everything and return the summary; the run folder is written at the end, whole or not at all.

    Ctrl-C during training ends it: the best so far is evaluated, saved and reported.

    Args:
        request: what is asked for.
        report: told about progress.
        learning: what happens between reading and testing; :func:`learn` without it.

    Raises:
        DataError, ConfigError: if the data or the settings cannot be used.
        DivergedError: if no trial reached a finite validation error.
        KeyboardInterrupt: if interrupted before anything was trained.
    """
    check_recipe(request)
    clock = Clock(request.started, request.budget_seconds or math.inf, report)
    created = datetime.now(UTC)
    clock.enter("reading")
    table = load(request.data, request.target, request.test)
    out = request.out or default_out(table.source, datetime.now().astimezone())
    check_out(out)
    with (
        Unfinished.open(out, asked(request, table), resume=request.resume) as unfinished,
        Store.open(request.storage, out.name, resume=request.resume) as store,
    ):
        learned = (learning or learn)(request, table, clock, unfinished, store)
        command = again(request, table.source, out)
        summary, predictions = summarise(learned, clock, created=created, run=out, command=command)
        return save_run(summary, predictions, learned, clock, store)


def learn(
    request: Request,
    table: Loaded,
    clock: Clock,
    unfinished: Unfinished | None = None,
    store: Store | None = None,
) -> Learned:
    """Do everything but look at the test set and write: search, finals, committee.

    Args:
        request: what is asked for.
        table: as read.
        clock: the budget, running.
        unfinished: keeps what is needed to go on after a kill; nothing is kept without it.
        store: is told of every finished setting.

    Raises:
        As :func:`fit`.
    """
    clock.enter("preparing")
    recipe, data = _prepare(request, table)
    clock.enter("baselines")
    baselines = _baselines(data, clock)
    return learn_prepared(request, recipe, data, clock, baselines, unfinished, store)


def learn_prepared(
    request: Request,
    recipe: Recipe,
    data: Prepared,
    clock: Clock,
    baselines: Sequence[Baseline] = (),
    unfinished: Unfinished | None = None,
    store: Store | None = None,
) -> Learned:
    """Do the part of :func:`learn` that follows once the rows are prepared as ``recipe`` says."""
    tasks = Tasks(data, device_called(request.device), metric=request.metric)
    with Interrupts() as interrupts:
        work = Work(
            tasks,
            len(data.valid),
            doubt_of(request.metric, data.schema.task, data.valid_sizes),
            clock,
            interrupts,
            seed=request.seed,
            num_workers=request.num_workers,
            keeper=unfinished,
            store=store,
            examine=stop_hopeless,
        )
        effort = work.decide(lambda: _effort(request, recipe, tasks, clock))
        hunted = None if request.recipe is not None else work.search(effort)
        if hunted is None:
            finals = work.finals_of_recipe(effort, recipe)
        else:
            effort = work.searched(effort, hunted)
            effort = tune_batch_size(work, effort, hunted, request.batch_sizes, len(data.train))
            effort = time_finals(work, effort, hunted, len(data.train))
            finals = work.finals_of(effort, hunted)
            effort = draw_grid(work, effort, hunted, finals[0]) if request.grid else effort
    clock.enter("committee")
    more = [] if hunted is None else survivors(hunted.found.ranked, finals)
    elected = elect([*finals, *more], tasks.preparations, tasks.network_of, metric=request.metric)
    return Learned(
        request=request,
        data=tasks.preparations,
        baselines=baselines,
        effort=effort,
        hunt=hunted,
        finalists=finals,
        elected=elected,
        results=work.results,
        phases=work.phases,
        record=work.record,
        interrupted=work.interrupted,
    )


def stop_hopeless(search: Stoppable, exam: Exam) -> None:
    """Tell the search which trials are hopeless: the one way by which a diagnosis reaches it."""
    for trial, verdict in hopeless(exam).items():
        search.tell(trial, stop=verdict.reason, over=verdict.over)


def plan(request: Request) -> str:
    """Return in words what :func:`fit` would do; reads the data, trains nothing, writes nothing."""
    check_recipe(request)
    recipe, data = _prepare(request, load(request.data, request.target, request.test))
    space = _space(request, recipe, len(data.train), request.num_trials)
    return plan_text(data, recipe, network_of(data, recipe), request, space)


def _effort(request: Request, recipe: Recipe, tasks: Tasks, clock: Clock) -> Effort:
    """Return how much the search may do, or did in the run that is repeated."""
    if request.decisions is not None:
        return repeated(request.decisions)
    data = tasks.preparations.data
    num_train = len(data.train)
    demand = Demand.of(request, num_train, num_train + len(data.valid))
    if request.recipe is None:
        own_space = isinstance(request.space, Space)
        demand = replace(
            demand, aside=aside_for(request.batch_sizes, clock, grid=request.grid, own_space=own_space)
        )

    def space_of(num_trials: int | None) -> Space:
        return _space(request, recipe, num_train, num_trials)

    return effort_for(demand, clock, space_of, lambda: pace_of(tasks, space_of(None).base, demand.num_folds))


def _space(request: Request, recipe: Recipe, num_train: int, num_trials: int | None) -> Space:
    """Return what is searched: nothing around a recipe that was given."""
    if request.recipe is not None:
        return Space((), recipe)
    space = space_for(request.space, recipe, num_train, num_trials, request.scientific)
    return space_following(space, request.metric)


def again(request: Request, source: str, out: Path) -> str:
    """Return the line that does the same again, to the bit; none for data in memory."""
    if not isinstance(request.data, str | Path) or not isinstance(request.test, str | Path | None):
        return ""
    words = ["practicum", "fit", source, "--target", request.target]
    words += ["--test", str(request.test)] if request.test is not None else []
    words += ["--group", request.group] if request.group else []
    words += ["--time", request.time] if request.time else []
    words += ["--metric", request.metric] if request.metric != "error" else []
    words += ["--schema", str(out / FILES["schema"])]
    return shlex.join([*words, "--replay", str(out)])


def default_recipe(is_pixels: bool) -> Recipe:
    """Return the guide's defaults; pixels are brought to [0, 1] together, not each by itself [3.1-02, 3.2-38]."""
    return Recipe(preprocess="unit") if is_pixels else Recipe()


def _prepare(request: Request, table: Loaded) -> tuple[Recipe, Prepared]:
    """Return the recipe to start from and the data prepared as it says."""
    recipe = following(request.recipe or default_recipe(table.is_pixels), request.metric)
    data = prepare(
        table,
        task=request.task,
        recipe=recipe,
        seed=request.seed,
        schema=request.schema,
        group=request.group,
        time=request.time,
        test_fraction=TEST_FRACTION if request.num_outer is None else 0.0,
    )
    check_measurable(request.metric, data.schema.task, data.valid.target.numpy())
    return recipe, data


def _baselines(data: Prepared, clock: Clock) -> list[Baseline]:
    seconds = max(1.0, clock.share(BASELINE_SHARE) - monotonic())
    test = data.test if len(data.test) else None
    return fit_baselines(data.train, data.valid, test, data.schema.task, min(seconds, 120.0))


def check_recipe(request: Request) -> None:
    """Refuse a recipe that cannot train a perceptron, that nothing would end, or that ends before it is validated."""
    if request.recipe is not None:
        check_perceptron(dict(request.recipe))
        unlimited = math.isinf(request.budget_seconds or math.inf) and request.decisions is None
        check_ends(request.recipe, "the recipe", unlimited=unlimited)
