"""Workers: one per core, one intra-operation thread each, for phases whose packs go from rung to rung together.

One intra-operation thread is faster than two on small nets, does not collapse when another process is busy, and keeps
the bits (measured: `docs/experiments.md`). Workers are forked processes where that is possible, else threads; which
they are, and how many, changes no number of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from practicum.engine.crew.cores import num_cores, threads
from practicum.engine.crew.foreman import Halved
from practicum.engine.crew.piece import Piece
from practicum.engine.crew.shift import Kind, Shift
from practicum.engine.interrupt import Held
from practicum.engine.plans.layout import dealt
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Status
from practicum.engine.saved.told import Told
from practicum.recipe import Recipe
from practicum.training.program import Task

CACHE_BYTES = 6 << 20
"""What the update of a pack may touch: beyond it, a pack of 32 nets of 128 units is a fifth slower than two of 16."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, raised when the rung has ended; ``told`` holds what each pack told."""

    def __init__(self, told: list[Told]) -> None:
        super().__init__()
        self.told = told


@dataclass(slots=True)
class Seat:
    """A pack on its worker, as who waits for it knows it.

    Attributes:
        worker: number of the worker.
        plan: what is trained.
        pieces: the pack, or the parts it was halved into.
        shift: whose workers these are.
        heard: what was told and not yet taken.
    """

    worker: int
    plan: Plan
    pieces: list[Piece]
    shift: Shift
    heard: list[Told] = field(default_factory=list)

    @property
    def step(self) -> int:
        """Updates done."""
        return max([0, *(piece.step for piece in self.pieces)])

    @property
    def trials(self) -> tuple[int, ...]:
        """Numbers of the trials that still train."""
        return tuple(sorted(trial for piece in self.pieces for trial in piece.training))

    @property
    def most_steps(self) -> float:
        """The largest number of updates that a trial which still trains is bound to; ``inf`` for no bound."""
        recipes = self.plan.by_trial
        bounds = [recipes[trial].num_steps for trial in self.trials]
        return max((float("inf") if bound is None else bound for bound in bounds), default=0.0)

    def ask(self, until: int, end: Status | None = None) -> None:
        """Order all that still trains to train until ``until``, and perhaps to end then."""
        for piece in self.pieces:
            if piece.training:
                self.shift.foreman.ask(self.worker, piece, until, end)

    def halve(self, piece: Piece, halved: Halved) -> None:
        """Put two in the place of ``piece``: one worker, one after the other, never both in its memory."""
        place = self.pieces.index(piece)
        self.pieces[place : place + 1] = halved.halves
        for half in halved.halves:
            half.lean = True
            self.shift.foreman.ask(self.worker, half, halved.order.until, halved.order.end)

    def take(self) -> Told:
        """Return all that was told since the last time."""
        heard, self.heard = self.heard, []
        return Told(
            self.step,
            self.trials,
            tuple(event for told in heard for event in told.events),
            tuple(result for told in heard for result in told.results),
        )


class Workers:
    """Trains packs side by side, rung by rung.

    Use it as a context manager; PyTorch's number of threads is set inside and restored after.

    Args:
        num_workers: one per core by default.
        kind: "threads", "processes", or "auto" for processes where they can be forked.

    Example:
        >>> with Workers(num_workers=1) as workers:
        ...     workers.advance([], until=100)
        []
    """

    def __init__(self, num_workers: int | None = None, kind: Kind = "auto") -> None:
        self.num_workers, self.kind = num_workers or num_cores(), kind
        self._shifts: list[Shift] = []

    def __enter__(self) -> Self:
        """Set PyTorch's number of threads."""
        self._stack = ExitStack()
        self._stack.enter_context(threads())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send all workers home and restore PyTorch's setting."""
        shifts, self._shifts = self._shifts, []
        with self._stack:
            for shift in shifts:
                self._stack.callback(shift.close)

    def split(self, recipes: Sequence[Recipe], task: Task, first_trial: int = 0) -> list[Seat]:
        """Deal ``recipes`` of equal structure out into packs, numbering trials from ``first_trial``.

        Each worker has one pack, or several where one would not fit the processor's cache. The workers start when the
        packs are first advanced.
        """
        if not recipes:
            return []
        touched = task.touched_bytes(recipes[0])
        largest = max(1, CACHE_BYTES // touched) if touched else len(recipes)
        packs = dealt(range(len(recipes)), largest, self.num_workers)
        plans = [Plan([recipes[k] for k in pack], task, [first_trial + k for k in pack]) for pack in packs]
        num_workers = min(self.num_workers, len(plans))
        shift = Shift(num_workers, self.kind, plans)
        self._shifts.append(shift)
        return [
            Seat(i % num_workers, plan, [Piece(f"pack-{i:03}", i, tuple(plan.trials))], shift)
            for i, plan in enumerate(plans)
        ]

    def advance(self, seats: Sequence[Seat], until: int) -> list[Told]:
        """Train every pack to ``until`` updates and return what each tells, in the order of ``seats``.

        Ctrl-C waits for the rung to end, so that every pack is whole, and is then raised as :class:`Interrupted`.
        """
        try:
            with Held():
                for seat in seats:
                    seat.ask(until)
                _hear(seats)
        except KeyboardInterrupt:
            raise Interrupted([seat.take() for seat in seats]) from None
        return [seat.take() for seat in seats]

    def finish(self, seats: Sequence[Seat], status: Status) -> list[Told]:
        """End the trials that are left with ``status`` and return what each pack tells."""
        for seat in seats:
            seat.ask(max(seat.step, 0), status)
        _hear(seats)
        return [seat.take() for seat in seats]

    def dismiss(self, seats: Sequence[Seat]) -> None:
        """Send the workers of ``seats`` home."""
        for shift in {id(seat.shift): seat.shift for seat in seats}.values():
            if shift in self._shifts:
                self._shifts.remove(shift)
            shift.close()


def _hear(seats: Sequence[Seat]) -> None:
    """Wait until all orders of ``seats`` are done; what was told waits in the seats."""
    for shift in {id(seat.shift): seat.shift for seat in seats}.values():
        while shift.foreman.busy:
            for _, piece, outcome in shift.foreman.wait():
                seat = next(seat for seat in seats if seat.shift is shift and piece in seat.pieces)
                if isinstance(outcome, Told):
                    seat.heard.append(outcome)
                else:
                    seat.halve(piece, outcome)
