"""A piece: a pack, or the half of one that memory was too small for, as who gives the orders knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from practicum.engine.crew.bench import Order
from practicum.engine.result import Status, without_weights
from practicum.engine.saved.told import Told
from practicum.recipe import Recipe

DEATHS_AT_A_PLACE = 2
"""So many workers may die of a piece at the same update; then it is halved."""

DEATHS = 6
"""So many at different ones."""


@dataclass(slots=True)
class Piece:
    """Trials that train together.

    Attributes:
        name: of its checkpoint.
        plan: index of the plan.
        members: numbers of its trials.
        sources: pieces whose checkpoints it may begin from, the best first.
        lean: whether it shares its worker with others and must not stay in memory between two orders.
        step: updates of which everything has been told, −1 before the first.
        training: trials that still train.
        collected: trials whose result has been told.
        leave: trials that are halted, and after which update.
    """

    name: str
    plan: int
    members: tuple[int, ...]
    sources: tuple[str, ...] = ()
    lean: bool = False
    step: int = -1
    training: tuple[int, ...] = ()
    collected: set[int] = field(default_factory=set)
    leave: dict[int, int] = field(default_factory=dict)
    _deaths: int = 0
    _deaths_here: int = 0
    _place: int = -2

    def __post_init__(self) -> None:
        """Begin with all members, from its own checkpoint if there is one."""
        self.sources = (self.name, *self.sources)
        self.training = tuple(trial for trial in self.members if trial not in self.collected)

    def order(self, until: int, end: Status | None = None) -> Order:
        """Return the order to train it to ``until`` updates, and perhaps to end it then."""
        return Order(
            piece=self.name,
            plan=self.plan,
            members=self.members,
            sources=self.sources,
            until=until,
            end=end,
            park=self.lean and end is None,
            leave=tuple(self.leave.items()),
        )

    def accept(self, told: Told) -> Told:
        """Return what is new in ``told``; a worker that goes on from a checkpoint tells some of it again."""
        fresh = Told(
            step=told.step,
            training=tuple(trial for trial in told.training if trial not in self.collected),
            events=tuple(event for event in told.events if event.step > self.step),
            results=tuple(result for result in told.results if result.trial not in self.collected),
        )
        self.step = max(self.step, told.step)
        self.collected |= {result.trial for result in fresh.results}
        self.training = fresh.training
        return fresh

    def mourn(self) -> bool:
        """Take in that its worker has died; return whether that has been too often to try the same again."""
        self._deaths += 1
        self._deaths_here = 1 + (self._deaths_here if self._place == self.step else 0)
        self._place = self.step
        return self._deaths_here >= DEATHS_AT_A_PLACE or self._deaths >= DEATHS

    def halves(self, members: tuple[int, ...]) -> tuple[Piece, Piece]:
        """Return two pieces that share ``members``, those in the state it goes on from.

        Both begin where that was written, so trials whose results have been told meanwhile are trained again; what
        they tell is known and dropped.
        """
        middle = len(members) // 2
        return self._part("a", members[:middle]), self._part("b", members[middle:])

    def _part(self, letter: str, members: tuple[int, ...]) -> Piece:
        return Piece(
            name=self.name + letter,
            plan=self.plan,
            members=members,
            sources=self.sources,
            step=self.step,
            collected=set(self.collected),
            leave=dict(self.leave),
        )

    def failed(self, recipes: Mapping[int, Recipe], reason: str) -> Told:
        """Return that its trials cannot be trained."""
        step = max(self.step, 0)
        results = [without_weights(trial, recipes[trial], "failed", reason, step) for trial in self.training]
        return self.accept(Told(step, (), (), tuple(results)))
