"""A race: packs asked for one after the other and trained side by side; at each rung a judge says which trials go on.

Time decides when something happens and nothing else. A pack is judged at a rung only after those before it; one that
has to wait is left lying while its core trains another; packs are asked for, and results yielded, in a fixed order. So
one worker or two, quick or slow, give the same. A pack has a worker of its own, forked when it begins (decision 0010).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from practicum.core.errors import ConfigError
from practicum.core.record import Record
from practicum.engine.crew.cores import num_cores, threads
from practicum.engine.crew.foreman import Halved
from practicum.engine.crew.piece import Piece
from practicum.engine.crew.shift import Kind, Shift
from practicum.engine.interrupt import Interrupts
from practicum.engine.plans.plan import Plan
from practicum.engine.racer import Judge, Racer, rounded
from practicum.engine.result import Result, Status
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.ledger import Ledger
from practicum.engine.saved.store import pieces_of
from practicum.engine.saved.told import Told

__all__ = ["Judge", "race"]


def race(
    next_plan: Callable[[int], Plan | None],
    *,
    rungs: Callable[[Plan], Sequence[int]],
    judge: Judge,
    lag: int = 4,
    turns: bool = False,
    num_workers: int | None = None,
    num_threads: int = 1,
    kind: Kind = "auto",
    keep_weights: bool = True,
    folder: Path | None = None,
    data: str = "",
    every_seconds: float = 30.0,
    record: Record | None = None,
    starts_until: float = math.inf,
    deadline: float = math.inf,
    report: Callable[[float], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, list[Result]]]:
    """Train the packs that ``next_plan`` gives and yield (number, results of all its trials) of each, in their order.

    Every pack that was asked for is yielded; one that was never begun, with results that say so. The first Ctrl-C ends
    all trials at the next stride, at most about half a second later: they are yielded with status "stopped".

    With a ``folder``, the same call goes on after a kill as if nothing had been: packs are asked for again, the judge
    is asked again about the same errors, and what was yielded is yielded again.

    Args:
        next_plan: gives the plan of pack 0, 1, 2, … as they are needed; ``None`` when there are no more. Trial numbers
            must differ. Pack j + ``lag`` is asked for after pack j was yielded and before pack j + 1 is: a caller that
            lets results of yielded packs decide the next plan knows the same each time.
        rungs: updates at which a pack is judged, ascending; rounded up to validations. Training goes on after the last
            until the trials end by themselves.
        judge: says who goes on.
        lag: at most so many packs are under way. One that waits keeps its memory.
        turns: train what had the least time so far, not what comes first: fairer where a deadline cuts all short.
        num_workers: packs trained at a time; one per core by default.
        num_threads: that each worker uses in one operation of PyTorch.
        kind: "threads", "processes", or "auto" for processes where they can be forked and several work.
        keep_weights: whether results have weights; without, they take no memory.
        folder: where checkpoints are kept; ``None`` for no resuming (workers that die are replaced all the same).
        data: a word on the data, kept in the checkpoints and compared when a race goes on.
        every_seconds: time between two checkpoints of a pack, a third of it after an evaluation.
        record: takes in all events.
        starts_until: moment of :func:`time.monotonic` after which no pack is begun, but the first.
        deadline: moment at which all shall have ended, with status "budget".
        report: told after every stride how many trials' worth of training is done, of all that were asked for so far.
        stop: asked after every stride whether to end, as Ctrl-C does.

    Raises:
        ConfigError: if the rungs do not ascend, the judge names unknown trials, or the folder cannot be used.
        RecordError: if the folder is damaged or belongs to other packs, data or judges.

    Example:
        >>> list(race(lambda number: None, rungs=lambda plan: (100, 200), judge=lambda rung, errors: set(errors)))
        []
    """
    if lag < 1:
        raise ConfigError(
            f"`lag` must be at least 1, but got lag={lag}. Use 1 for one pack at a time.", lag=lag
        )
    checkpoints = None if folder is None else Checkpoints(folder, every_seconds)
    with ExitStack() as stack:
        stack.enter_context(threads(num_threads))
        count = min(num_workers or num_cores(), lag)
        shift = Shift(count, kind, (), checkpoints, data, num_threads, keep_weights=keep_weights)
        ledger = None if checkpoints is None else stack.enter_context(Ledger(checkpoints))
        stack.callback(shift.close)
        pace = _Pace(lag, turns, starts_until, deadline)
        course = _Course(next_plan, rungs, judge, shift, ledger, pace, record or Record(), report)
        while not course.is_over:
            with Interrupts() as interrupts:
                finished = course.next()
                if interrupts.asked or stop():
                    course.ending = course.ending or "stopped"
            if finished is not None:
                yield finished


@dataclass(frozen=True, slots=True)
class _Pace:
    """What decides when something begins and ends."""

    lag: int
    turns: bool
    starts_until: float
    deadline: float


class _Course:
    """A race under way."""

    def __init__(
        self,
        next_plan: Callable[[int], Plan | None],
        rungs: Callable[[Plan], Sequence[int]],
        judge: Judge,
        shift: Shift,
        ledger: Ledger | None,
        pace: _Pace,
        record: Record,
        report: Callable[[float], None],
    ) -> None:
        self.next_plan, self.rungs, self.judge = next_plan, rungs, judge
        self.shift, self.ledger, self.foreman = shift, ledger, shift.foreman
        self.pace, self.record, self.report = pace, record, report
        self.racers: list[Racer] = []  # asked for and not yet yielded, in order
        self.num_asked = self.num_yielded = 0
        self.trials_yielded = 0
        self.exhausted, self.any_begun = False, False
        self.ending: Status | None = None

    @property
    def is_over(self) -> bool:
        """Whether everything was yielded."""
        return not self.racers and (self.exhausted or self.ending is not None)

    def next(self) -> tuple[int, list[Result]] | None:
        """Go on until something is told; return the first pack when it is over."""
        if self.ending is None:
            self._judge()
        if not (self.racers and self._is_through(self.racers[0])):
            self._give_orders()
        if self.racers and self._is_through(self.racers[0]):
            self._ask(self.num_yielded + self.pace.lag)  # in this order, whatever the timing
            return self._pop()
        self._listen()
        if time.monotonic() >= self.pace.deadline:
            self.ending = self.ending or "budget"
        return None

    def _is_through(self, racer: Racer) -> bool:
        """Return whether ``racer`` can be yielded."""
        return racer.over and not racer.orders and (self.ending is not None or not racer.is_due())

    def _pop(self) -> tuple[int, list[Result]]:
        racer = self.racers.pop(0)
        self.num_yielded += 1
        self.trials_yielded += len(racer.plan.trials)
        self.shift.drop(racer.number)
        return racer.number, [racer.results[trial] for trial in racer.plan.trials]

    def _judge(self) -> None:
        """Judge whoever can be judged, at each rung in the order of the packs."""
        for place, racer in enumerate(self.racers):
            while racer.is_due() and all(other.past(racer.judged) for other in self.racers[:place]):
                racer.judge(self.judge)

    def _may_start(self) -> bool:
        """Return whether a new pack may be begun now; the first always."""
        return self.ending is None and (not self.any_begun or time.monotonic() < self.pace.starts_until)

    def _ask(self, until: int) -> None:
        """Ask for packs up to number ``until``, as far as they may be begun or were begun in another life."""
        while not self.exhausted and self.num_asked < until:
            known = self.ledger is not None and self.ledger.has(self.num_asked)
            if not known and not self._may_start():
                return
            plan = self.next_plan(self.num_asked)
            if plan is None:
                self.exhausted = True
                return
            self._enter(plan)

    def _enter(self, plan: Plan) -> None:
        """Take in the plan of the next pack, with what it told in another life."""
        number = self.shift.add(plan)
        pieces = pieces_of(number, plan)
        told: list[Told] = []
        if self.ledger is not None:
            pieces, told = self.ledger.open(number, plan, self.shift.fingerprints[number])
        racer = Racer(number, plan, rounded(self.rungs(plan), plan), pieces)
        self.racers.append(racer)
        self.num_asked += 1
        self.any_begun |= racer.begun
        for one in told:
            self._take_in(racer, one)

    def _give_orders(self) -> None:
        """Give work to whoever has none, or end what is left."""
        if not self._may_start():
            for racer in self.racers:
                if not racer.begun:
                    racer.give_up(self.ending or "budget")
        if self.ending is not None:
            for racer in self.racers:
                if not racer.over and not racer.orders:
                    self._order(racer)
            return
        if self.pace.turns:
            self._ask(self.num_yielded + self.pace.lag)
        while sum(racer.orders > 0 for racer in self.racers) < self.shift.num_workers:
            if not any(racer.ready for racer in self.racers):
                before = self.num_asked
                self._ask(min(before + 1, self.num_yielded + self.pace.lag))
                if self.num_asked == before:
                    break
                self._judge()  # one from another life may stand at a rung
                continue
            ready = [racer for racer in self.racers if racer.ready]
            self._order(min(ready, key=lambda racer: racer.seconds) if self.pace.turns else ready[0])

    def _order(self, racer: Racer) -> None:
        """Have ``racer`` trained for a stride, or ended."""
        if racer.worker is None:
            racer.worker = self.foreman.hire()
            self.any_begun = True
        step = max(0, int(racer.step))
        until = step
        if self.ending is None:
            until = racer.stride.next(step, self.pace.deadline, racer.next_rung)
        for piece in racer.pieces:
            if piece.training:
                racer.orders += 1
                self.foreman.ask(racer.worker, piece, max(until, piece.step), self.ending)

    def _listen(self) -> None:
        """Wait for answers and take them in."""
        if not self.foreman.busy:
            assert not self.racers, "a pack is left lying"
            self.exhausted |= not self._may_start()
            return
        for worker, piece, outcome in self.foreman.wait():
            racer = next(racer for racer in self.racers if racer.worker == worker)
            racer.orders -= 1
            if isinstance(outcome, Halved):
                self._halve(racer, outcome, piece)
                continue
            self._take_in(racer, outcome)
            if not racer.orders:
                racer.seconds += racer.stride.after()
                if racer.over:
                    racer.worker = None
                    self.foreman.dismiss(worker)
        self.report(self.trials_yielded + sum(racer.done for racer in self.racers))

    def _halve(self, racer: Racer, halved: Halved, piece: Piece) -> None:
        """Put two in the place of a piece, with the same order."""
        racer.halve(piece, halved)
        if self.ledger is not None:
            self.ledger.write_pieces(racer.number, racer.pieces, self.shift.fingerprints[racer.number])
        assert racer.worker is not None
        for half in halved.halves:
            racer.orders += 1
            self.foreman.ask(racer.worker, half, halved.order.until, halved.order.end)

    def _take_in(self, racer: Racer, told: Told) -> None:
        racer.hear(told)
        self.record.fold(told.events)
