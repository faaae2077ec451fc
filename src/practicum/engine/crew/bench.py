"""A bench: where one worker, a thread or a process, does what it is ordered to do.

An order names a piece (a pack or a part of one), how to begin it and how far to train it. A bench that does not have
the piece begins it: from the newest checkpoint there is, or from the start. So an order can be given again, to another
worker, when the first one died.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from practicum.core.events import Validated
from practicum.engine.crew.keeper import Keeper
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Status
from practicum.engine.saved import checkpoint, wire
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.journal import Journal
from practicum.engine.saved.told import Told, to_wire
from practicum.training.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker shall do.

    Attributes:
        piece: name of the piece; its checkpoint has that name.
        plan: index of the plan.
        members: numbers of the trials.
        sources: pieces whose checkpoints it may begin from, the best first.
        until: updates to reach.
        end: how to end the trials that are left; ``None`` to go on later.
        park: whether to keep the piece in its checkpoint afterwards and free the memory.
        leave: trials that are halted, and after which update; all there ever were, since a bench may begin again from
            a checkpoint in which they still train.
    """

    piece: str
    plan: int
    members: tuple[int, ...]
    sources: tuple[str, ...]
    until: int
    end: Status | None = None
    park: bool = False
    leave: tuple[tuple[int, int], ...] = ()

    @classmethod
    def from_plain(cls, values: dict[str, Any]) -> Order:
        """Return the order whose attributes JSON has held."""
        lists: dict[str, Any] = {name: tuple(values[name]) for name in ("members", "sources")}
        leave = tuple((trial, step) for trial, step in values["leave"])
        return cls(**{**values, **lists, "leave": leave})


@dataclass(slots=True)
class _Work:
    """A piece in memory."""

    keeper: Keeper
    journal: Journal | None
    saved: float


class Bench:
    """Does orders, one at a time.

    Args:
        plans: of all pieces, by index.
        fingerprints: of the plans.
        checkpoints: where and when they are written.
        keep_weights: whether results have the weights at the best.
    """

    def __init__(
        self,
        plans: Sequence[Plan] | Mapping[int, Plan],
        fingerprints: Sequence[str],
        checkpoints: Checkpoints,
        *,
        keep_weights: bool = True,
    ) -> None:
        self._keep_weights = keep_weights
        self.plans, self.fingerprints, self.checkpoints = plans, fingerprints, checkpoints
        self._works: dict[str, _Work] = {}

    def do(self, order: Order) -> Told:
        """Train as ordered and return what happened; to be followed by :meth:`settle` when that has been told."""
        work = self._works.get(order.piece) or self._begin(order)
        told = work.keeper.advance(order.until, dict(order.leave))
        if order.end is None:
            return told
        if self.checkpoints.lasting and work.keeper.training:
            self._write_down(work, told)
            self._save(order, work)
        return told.and_then(work.keeper.finish(order.end))

    def settle(self, order: Order, told: Told) -> None:
        """Write down what must be written, and let go of what is over.

        Only after ``told`` has been told: a checkpoint never knows more than who listens.
        """
        work = self._works[order.piece]
        if order.end is None:
            self._write_down(work, told)
            validated = any(isinstance(event, Validated) for event in told.events)
            due = self.checkpoints.due(monotonic() - work.saved, validated=validated)
            if order.park or (self.checkpoints.lasting and not told.training) or (due and told.training):
                self._save(order, work)
        if order.park or order.end is not None or not told.training:
            self.drop(order.piece)

    def drop(self, piece: str) -> None:
        """Let go of ``piece``, whatever its state."""
        work = self._works.pop(piece, None)
        if work is not None and work.journal is not None:
            work.journal.close()

    def close(self) -> None:
        """Let go of everything."""
        for piece in list(self._works):
            self.drop(piece)

    def _begin(self, order: Order) -> _Work:
        """Put the piece of ``order`` on the bench."""
        plan, length = self.plans[order.plan], 0
        keeper = None
        for source in order.sources:
            saved = checkpoint.read(self.checkpoints.file(source), self.fingerprints[order.plan])
            if saved is not None:
                keeper = Keeper.restored(plan.task, saved, order.members, keep_weights=self._keep_weights)
                length = saved.meta["journal"] if source == order.piece else 0
                break
        if keeper is None:
            keeper = Keeper(plan.build(order.members), keep_weights=self._keep_weights)
        journal = Journal(self.checkpoints.journal(order.piece), length) if self.checkpoints.lasting else None
        work = self._works[order.piece] = _Work(keeper, journal, monotonic())
        return work

    def _write_down(self, work: _Work, told: Told) -> None:
        if work.journal is not None:
            work.journal.append(wire.encode(*to_wire(told)))

    def _save(self, order: Order, work: _Work) -> None:
        """Write the checkpoint of a piece; of one that is over only that it is over."""
        state = work.keeper.snapshot() if work.keeper.training else Snapshot({"over": True}, {})
        own = {
            "fingerprint": self.fingerprints[order.plan],
            "journal": 0 if work.journal is None else work.journal.sync(),
        }
        path = self.checkpoints.file(order.piece)
        checkpoint.write(
            path, Snapshot({**own, **state.meta}, state.tensors), lasting=self.checkpoints.lasting
        )
        work.saved = monotonic()
