"""A foreman: gives a crew its orders and sees to it that none is lost, whoever dies of it.

A worker that died is replaced and gets its order again; the piece goes on from its last checkpoint, and what was told
before is not told twice. A piece that dies again at the same place, or says that memory is full, is halved; a single
trial that cannot be halved fails alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from practicum.engine.crew.bench import Order
from practicum.engine.crew.crew import Crew, Trouble
from practicum.engine.crew.piece import Piece
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Status
from practicum.engine.saved import checkpoint
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.told import Told


@dataclass(frozen=True, slots=True)
class Halved:
    """News that two pieces stand in the place of one.

    Attributes:
        halves: the two; they have no orders yet.
        order: what could not be done.
    """

    halves: tuple[Piece, Piece]
    order: Order


Outcome = Told | Halved


class Foreman:
    """Leads a crew.

    Args:
        crew: its workers.
        plans: what is trained.
        fingerprints: of the plans.
        checkpoints: where they lie.
    """

    def __init__(
        self,
        crew: Crew,
        plans: Sequence[Plan] | Mapping[int, Plan],
        fingerprints: Sequence[str],
        checkpoints: Checkpoints,
    ) -> None:
        self.crew, self.plans = crew, plans
        self._fingerprints, self._checkpoints = fingerprints, checkpoints
        self._queues: dict[int, deque[tuple[Piece, Order]]] = {
            worker: deque() for worker in range(crew.num_workers)
        }

    @property
    def busy(self) -> bool:
        """Whether there are orders that have not been answered."""
        return any(self._queues.values())

    def hire(self) -> int:
        """Let another worker begin and return its number."""
        worker = self.crew.hire()
        self._queues[worker] = deque()
        return worker

    def dismiss(self, worker: int) -> None:
        """Send ``worker``, who has no orders, home.

        Raises:
            BaseException: what went wrong there after its last answer.
        """
        assert not self._queues.pop(worker)
        self.crew.dismiss(worker)

    def load(self, worker: int) -> int:
        """Return the number of orders that ``worker`` has."""
        return len(self._queues[worker])

    def ask(self, worker: int, piece: Piece, until: int, end: Status | None = None) -> None:
        """Order ``worker`` to train ``piece`` to ``until`` updates; :meth:`wait` returns the answer."""
        self._queues[worker].append((piece, piece.order(until, end)))
        if len(self._queues[worker]) == 1:
            self._give(worker)

    def wait(self) -> list[tuple[int, Piece, Outcome]]:
        """Wait for at least one outcome and return all that are there: worker, piece, what came out.

        Raises:
            BaseException: what a worker raised, unless it was about memory.
        """
        found: list[tuple[int, Piece, Outcome]] = []
        while self.busy and not found:
            for worker, answer in self.crew.take():
                piece, order = self._queues[worker][0]
                outcome = self._outcome(worker, piece, order, answer)
                if outcome is not None:
                    self._queues[worker].popleft()
                    found.append((worker, piece, outcome))
                if self._queues[worker]:  # the same again, or the next
                    self._give(worker)
        return found

    def _give(self, worker: int) -> None:
        self.crew.give(worker, self._queues[worker][0][1])

    def _outcome(self, worker: int, piece: Piece, order: Order, answer: Told | Trouble) -> Outcome | None:
        """Return what ``answer`` means; ``None`` if the order must be given again."""
        if isinstance(answer, Told):
            return piece.accept(answer)
        if answer.kind == "error":
            assert answer.error is not None
            for queue in self._queues.values():  # nobody waits for the rest
                queue.clear()
            raise answer.error
        if answer.kind == "died":
            self.crew.replace(worker)
            if not piece.mourn():
                return None
        members = self._members(piece)
        if len(members) > 1:
            return Halved(piece.halves(members), order)
        reason = f"{answer.text} It happened again with this trial alone."
        return piece.failed(self.plans[piece.plan].by_trial, reason)

    def _members(self, piece: Piece) -> tuple[int, ...]:
        """Return the trials in the state that ``piece`` goes on from."""
        for source in piece.sources:
            meta = checkpoint.read_meta(self._checkpoints.file(source), self._fingerprints[piece.plan])
            if meta is not None:
                return tuple(trial for trial in meta["pack"]["trials"] if trial in piece.members)
        return piece.members
