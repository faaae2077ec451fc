"""Nested cross-validation: the whole procedure tested on every row, by networks that were found without it.

The run on all rows comes first and gives the network that is saved. Then each outer fold has its own search, finals and
committee on the rows of the other folds, with an equal part of the time or of the trials; its rows are looked at once.
Source: Bengio 2012, 3-03 (data used for selection can no longer estimate; small data are used in turn for both).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from practicum import experiment
from practicum.core.summary import Summary
from practicum.data.columns import understand
from practicum.data.outer import OuterSplit, count_outer_copies, outer_splits
from practicum.data.pipeline import Loaded
from practicum.data.schema import Schema
from practicum.data.table import Table
from practicum.engine.clock import Clock, Progress, ignore
from practicum.report.assemble import Learned
from practicum.report.outer import Outer, OuterRows, outer_rows
from practicum.request import Request
from practicum.runs.unfinished import Unfinished
from practicum.tuning.study import Store

LEAST_SECONDS = 0.01
"""A run whose time is over does the least that it can."""


def fit(request: Request, report: Callable[[Progress], None] = ignore) -> Summary:
    """Do what the request asks for, with outer folds or without.

    Ctrl-C keeps the network of all rows, or the best of it so far, and the outer folds that were whole by then.

    Raises:
        ConfigError: if the rows cannot be dealt out to so many folds; else as :func:`practicum.experiment.fit`.
    """
    if request.num_outer is None:
        return experiment.fit(request, report)
    return experiment.fit(request, report, learn)


def learn(
    request: Request,
    table: Loaded,
    clock: Clock,
    unfinished: Unfinished | None = None,
    store: Store | None = None,
) -> Learned:
    """Do :func:`practicum.experiment.learn` on all rows, then once more for each outer fold.

    Args:
        request: what is asked for, with a number of outer folds.
        table: as read.
        clock: the budget of all of it, running.
        unfinished: keeps what is needed to go on after a kill; each fold has a part of it.
        store: is told of the settings tried on all rows.

    Raises:
        As :func:`fit`.
    """
    assert request.num_outer is not None
    schema = understand(
        table.table,
        table.target,
        task=request.task,
        edited=request.schema,
        group=request.group,
        time=request.time,
    ).schema
    splits = outer_splits(table.table.frame, schema, request.num_outer, request.seed)
    run = _Runs(request, table, schema, clock, unfinished)
    whole = run.on_all_rows(store)
    folds: list[OuterRows] = []
    interrupted = whole.interrupted
    # A run that is repeated does as many folds as it had done.
    todo = () if interrupted else splits[: run.num_outer]
    try:
        for number, split in enumerate(todo):
            found = run.without(split, number)
            interrupted = found.interrupted
            if interrupted:
                break
            folds.append(outer_rows(found))
    except KeyboardInterrupt:
        interrupted = True
    copies = count_outer_copies(table.table.frame, schema, splits[: len(folds)])
    outer = Outer(request.num_outer, folds, copies, interrupted)
    return replace(whole, request=request, outer=outer)


class _Runs:
    """The runs that nested cross-validation consists of, each with its part of the time or of the trials."""

    def __init__(
        self, request: Request, table: Loaded, schema: Schema, clock: Clock, unfinished: Unfinished | None
    ) -> None:
        assert request.num_outer is not None
        self.request, self.table, self.schema = request, table, schema
        self.clock, self.unfinished = clock, unfinished
        self.num_outer = request.num_outer if request.decisions is None else len(request.outer_decisions)
        self.num_done = 0
        self._fraction = 0.0

    def on_all_rows(self, store: Store | None) -> Learned:
        """Return what is learned from all rows."""
        part = self._part(lambda progress: self._say(progress, progress.phase))
        found = experiment.learn(self._asked(), self.table, part, self.unfinished, store)
        part.leave()
        self.num_done += 1
        return found

    def without(self, split: OuterSplit, number: int) -> Learned:
        """Return what is learned without the rows of an outer fold, which are its test rows."""
        known = self.table.table
        mine = Loaded(
            Table(known.frame[split.known], known.source),
            self.table.target,
            Table(known.frame[split.test], known.source),
        )
        name = f"fold {number + 1}/{self.request.num_outer}"
        part = self._part(lambda progress: self._say(progress, name, inner=True))
        decided = self.request.outer_decisions
        asked = replace(
            self._asked(),
            num_outer=None,
            schema=self.schema,
            decisions=decided[number] if self.request.decisions is not None else None,
        )
        kept = None if self.unfinished is None else self.unfinished.part(f"outer-{number}")
        found = experiment.learn(asked, mine, part, kept)
        part.leave()
        self.num_done += 1
        return found

    def _asked(self) -> Request:
        """Return what each run is asked for: its part of the trials."""
        trials, runs = self.request.num_trials, 1 + self.num_outer
        return replace(self.request, num_trials=None if trials is None else max(1, trials // runs))

    def _part(self, report: Callable[[Progress], None]) -> Clock:
        """Return the clock of the next run: an equal part of the time that is left."""
        now = monotonic()
        left = self.clock.training_ends - now
        share = left / (1 + self.num_outer - self.num_done)
        return Clock(now, max(share, LEAST_SECONDS), report)

    def _say(self, progress: Progress, phase: str, *, inner: bool = False) -> None:
        """Report a run's progress as part of the whole."""
        self._fraction = max(self._fraction, (self.num_done + progress.fraction) / (1 + self.num_outer))
        message = f"{progress.phase}: {progress.message}".removesuffix(": ") if inner else progress.message
        if phase != self.clock.phase:
            self.clock.enter(phase, message, self._fraction)
        else:
            self.clock.say(message, self._fraction)
