"""Trains packs, each at its own pace, and hands out the result of each trial as soon as it is known.

With a folder, a run that was killed at any moment goes on where its checkpoints stand and ends with the same bits.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from practicum.core.record import Record
from practicum.engine.crew.cores import num_cores, threads
from practicum.engine.crew.foreman import Foreman, Halved
from practicum.engine.crew.piece import Piece
from practicum.engine.crew.shift import Kind, Shift
from practicum.engine.interrupt import Interrupts
from practicum.engine.pace import Stride
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Result, Status, without_weights
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.store import Store, first_pieces
from practicum.engine.saved.told import Told


def run(
    plans: Sequence[Plan],
    *,
    num_workers: int | None = None,
    num_threads: int = 1,
    kind: Kind = "auto",
    folder: Path | None = None,
    data: str = "",
    every_seconds: float = 30.0,
    record: Record | None = None,
    deadline: float = math.inf,
    report: Callable[[float], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """Train all ``plans`` and yield the result of each trial when it ends, in the order in which they end.

    The first Ctrl-C ends all trials at the next rung: they are yielded with status "stopped". With a ``folder``, the
    same call goes on later; trials that had ended before are yielded again.

    Args:
        plans: a pack each; trial numbers differ.
        num_workers: one per core by default.
        num_threads: that each worker uses in one operation of PyTorch; with more than one the bits of our own
            perceptron depend on it.
        kind: "threads", "processes", or "auto" for processes where they can be forked and there are several packs.
        folder: where checkpoints are kept; ``None`` for no resuming (workers that die are replaced all the same).
        data: a word on the data, kept in the checkpoints and compared when a run goes on.
        every_seconds: time between two checkpoints of a pack, a third of it after an evaluation.
        record: takes in all events.
        deadline: moment of :func:`time.monotonic` at which all shall have ended, with status "budget".
        report: told after every rung which fraction of the work is done.
        stop: asked after every rung whether to end, as Ctrl-C does.

    Raises:
        RecordError: if the folder is damaged or belongs to other recipes or data.
        ConfigError: if the folder is in use or cannot be written.
    """
    checkpoints = None if folder is None else Checkpoints(folder, every_seconds)
    count = min(num_workers or num_cores(), len(plans))
    with ExitStack() as stack:
        stack.enter_context(threads(num_threads))
        shift = Shift(count, kind, plans, checkpoints, data, num_threads)
        store = None
        if checkpoints is not None:
            store = stack.enter_context(Store(checkpoints, plans, shift.fingerprints))
        stack.callback(shift.close)
        course = _Course(shift, plans, store, record or Record(), deadline, report, stop)
        while (results := course.next()) is not None:
            yield from results


class _Course:
    """A run under way."""

    def __init__(
        self,
        shift: Shift,
        plans: Sequence[Plan],
        store: Store | None,
        record: Record,
        deadline: float,
        report: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> None:
        self.shift, self.plans, self.store = shift, plans, store
        self.record, self.deadline, self.report, self.stop = record, deadline, report, stop
        self.pieces = first_pieces(plans) if store is None else store.pieces
        self.waiting = deque(piece for piece in self.pieces if piece.training)
        # Where time is short, packs take turns, so that the first do not have it all.
        self.turns = math.isfinite(deadline) and len(self.waiting) > shift.num_workers
        for piece in self.waiting:
            piece.lean = self.turns
        self.strides: dict[str, Stride] = {}
        self.ending: Status | None = None
        self._before: list[Told] | None = [] if store is None else store.told

    def next(self) -> list[Result] | None:
        """Go on until something is told; return the results, or ``None`` when all is over."""
        if self._before is not None:
            told, self._before = self._before, None
            return self._take_in(told)
        if not self.waiting and not self._busy:
            return None
        with Interrupts() as interrupts:
            results = self._round(self.shift.foreman)
            if interrupts.asked or self.stop():
                self.ending = self.ending or "stopped"
            elif time.monotonic() >= self.deadline:
                self.ending = self.ending or "budget"
        return results

    @property
    def _busy(self) -> bool:
        return self.shift.begun and self.shift.foreman.busy

    def _round(self, foreman: Foreman) -> list[Result]:
        """Give every idle worker an order and wait for an answer."""
        results: list[Result] = []
        for worker in range(self.shift.num_workers):
            while self.waiting and not foreman.load(worker):
                piece = self.waiting.popleft()
                if self.ending is not None and piece.step < 0:
                    results += self._never_begun(piece)
                else:
                    self._order(foreman, worker, piece)
        heard = []
        for worker, piece, outcome in foreman.wait():
            if isinstance(outcome, Halved):
                self._halve(piece, outcome)
                continue
            heard.append(outcome)
            if piece.name in self.strides:
                self.strides[piece.name].after()
            if piece.training and self.turns and self.waiting and self.ending is None:
                self.waiting.append(piece)
            elif piece.training:
                self._order(foreman, worker, piece)
        return results + self._take_in(heard)

    def _order(self, foreman: Foreman, worker: int, piece: Piece) -> None:
        """Let ``worker`` go on with ``piece``, or end it."""
        step = max(piece.step, 0)
        if self.ending is not None:
            foreman.ask(worker, piece, step, self.ending)
            return
        stride = self.strides.setdefault(piece.name, Stride(self.plans[piece.plan].validate_every))
        foreman.ask(worker, piece, stride.next(step, self.deadline))

    def _halve(self, piece: Piece, halved: Halved) -> None:
        """Put two in the place of ``piece``; they are trained one after the other."""
        place = self.pieces.index(piece)
        self.pieces[place : place + 1] = halved.halves
        if self.store is not None:
            self.store.write_pieces()
        self.waiting.extendleft(reversed(halved.halves))

    def _take_in(self, heard: Sequence[Told]) -> list[Result]:
        """Fold the events and return the results."""
        for told in heard:
            self.record.fold(told.events)
        self.report(self._fraction())
        return [result for told in heard for result in told.results]

    def _never_begun(self, piece: Piece) -> list[Result]:
        """Return what there is to say of trials that nobody had the time for."""
        recipes = self.plans[piece.plan].by_trial
        status = self.ending or "stopped"
        return [without_weights(t, recipes[t], status, "It was never begun.") for t in piece.training]

    def _fraction(self) -> float:
        """Return which part of the work is done: trials that ended count whole, others by their bound on updates."""
        done = 0.0
        for piece in self.pieces:
            recipes = self.plans[piece.plan].by_trial
            done += len(piece.members) - len(piece.training)
            done += sum(max(piece.step, 0) / (recipes[t].num_steps or math.inf) for t in piece.training)
        return min(1.0, done / max(1, sum(len(piece.members) for piece in self.pieces)))
