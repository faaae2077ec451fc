"""A pack in a race, as who leads the race knows it: how far it is, how wrong its trials are, where it is judged next.

All that a judge is told is worked out from what the pack told, never from when it told it; so a pack that is read back
from its folder is judged again, with the same errors, wherever it stands by now.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from practicum.core.errors import ConfigError, RecordError
from practicum.core.events import Ended, Validated
from practicum.engine.crew.foreman import Halved
from practicum.engine.crew.piece import Piece
from practicum.engine.pace import Stride
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Result, Status, without_weights
from practicum.engine.saved.told import Told


class Judge(Protocol):
    """Says at a rung which trials of a pack go on."""

    def __call__(self, rung: int, errors: Mapping[int, float]) -> Collection[int]:
        """Return the trials that go on.

        For each rung it is called in the order of the packs, whatever the timing; for two rungs, in any order. So what
        it remembers from one pack to the next must be kept by rung.

        Args:
            rung: its number, from 0.
            errors: best validation error so far of each trial of the pack that still trains, ``inf`` for none.
        """


def rounded(rungs: Sequence[int], plan: Plan) -> tuple[int, ...]:
    """Return ``rungs``, in updates, rounded up to validations.

    Raises:
        ConfigError: if they do not ascend.
    """
    if any(later <= earlier for earlier, later in zip((0, *rungs), rungs, strict=False)):
        raise ConfigError(
            f"`rungs` must ascend from at least 1, but got rungs={tuple(rungs)}. Put the smallest first, each once.",
            rungs=tuple(rungs),
        )
    every = plan.validate_every
    return tuple(-(-rung // every) * every for rung in rungs)


@dataclass(slots=True)
class Racer:
    """A pack in a race.

    Attributes:
        number: of the pack.
        plan: what is trained.
        rungs: updates at which it is judged.
        pieces: the pack, or the parts it was halved into.
        stride: how far it is trained at a time.
        worker: who has it, if anybody.
        orders: how many have not been answered.
        results: what was told, by trial.
        judged: rungs that are behind it.
        seconds: that its orders took.
    """

    number: int
    plan: Plan
    rungs: tuple[int, ...]
    pieces: list[Piece]
    stride: Stride = field(init=False)
    worker: int | None = None
    orders: int = 0
    results: dict[int, Result] = field(default_factory=dict)
    judged: int = 0
    seconds: float = 0.0
    _errors: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    _ended: dict[int, int] = field(default_factory=dict)
    _halted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin with the first stride."""
        self.stride = Stride(self.plan.validate_every)

    @property
    def over(self) -> bool:
        """Whether nobody trains."""
        return not any(piece.training for piece in self.pieces)

    @property
    def begun(self) -> bool:
        """Whether a worker has had it, in this life or another."""
        return self.worker is not None or any(piece.step >= 0 for piece in self.pieces)

    @property
    def step(self) -> float:
        """Updates of which all is known: those done, −1 before the first, ``inf`` when it is over."""
        return min((piece.step for piece in self.pieces if piece.training), default=math.inf)

    @property
    def next_rung(self) -> int | None:
        """Updates that it may not pass before it was judged; ``None`` behind the last rung."""
        return self.rungs[self.judged] if self.judged < len(self.rungs) else None

    @property
    def ready(self) -> bool:
        """Whether it can be trained: somebody trains, nothing is under way, and no rung is in the way."""
        return not self.orders and not self.over and (self.next_rung is None or self.step < self.next_rung)

    def is_due(self) -> bool:
        """Go past rungs where nobody trains; return whether it is at one, or beyond it, where somebody is judged."""
        while self.next_rung is not None and self.step >= self.next_rung:
            if self.errors():
                return True
            self.judged += 1
        return False

    def past(self, rung: int) -> bool:
        """Return whether it was judged at ``rung``, or had ended before it."""
        return self.judged > rung or self.judged == len(self.rungs)

    def hear(self, told: Told) -> None:
        """Take in what was told."""
        for event in told.events:
            if isinstance(event, Validated):
                for trial, better, error in zip(event.trials, event.improved, event.valid_error, strict=True):
                    if better:
                        self._errors.setdefault(trial, []).append((event.step, float(error)))
            elif isinstance(event, Ended):
                self._ended[event.trial] = event.step
        self.results |= {result.trial: result for result in told.results}

    def errors(self) -> dict[int, float]:
        """Return the best error at the next rung of each trial that trains there."""
        rung = self.rungs[self.judged]
        failed = {trial for trial, result in self.results.items() if result.status == "failed"}
        gone = self._halted | failed | {trial for trial, step in self._ended.items() if step <= rung}
        found = {}
        for trial in self.plan.trials:
            if trial not in gone:
                until = [error for step, error in self._errors.get(trial, []) if step <= rung]
                found[trial] = until[-1] if until else math.inf
        return found

    def judge(self, judge: Judge) -> None:
        """Let ``judge`` say who goes on from the next rung.

        Raises:
            ConfigError: if it names others than it was asked about.
            RecordError: if it says something else than in an earlier life.
        """
        rung, errors = self.judged, self.errors()
        going = set(judge(rung, errors))
        unknown = sorted(going - errors.keys())
        if unknown:
            raise ConfigError(
                f"`judge` must choose among the trials that it is asked about, but got trials={unknown} "
                f"(rung {rung} of pack {self.number}). Return keys of `errors`.",
                trials=unknown,
            )
        step = self.rungs[rung]
        self._halted |= errors.keys() - going
        self.judged += 1
        for piece in self.pieces:
            piece.leave |= {trial: step for trial in piece.members if trial in errors and trial not in going}
        if self.step > step and self.next_rung != step:
            self._compare(step)

    def _compare(self, step: int) -> None:
        """Refuse a judge who says something else than the one who was asked before the race was cut off."""
        found = {trial for trial, result in self.results.items() if result.status == "halted"}
        then = {trial for trial in found if self.results[trial].num_steps <= step}
        if then != self._halted:
            raise RecordError(
                f"`judge` must decide as when the race was begun, but trials {sorted(then ^ self._halted)} differ "
                f"(update {step} of pack {self.number}). Go on with the same judge, or choose a new folder.",
                trials=sorted(then ^ self._halted),
            )

    def halve(self, piece: Piece, halved: Halved) -> None:
        """Put two in the place of ``piece``; they take turns on its worker, never both in its memory."""
        place = self.pieces.index(piece)
        self.pieces[place : place + 1] = halved.halves
        for half in halved.halves:
            half.lean = True

    def give_up(self, status: Status) -> None:
        """Say of all its trials that nobody had the time for them."""
        for trial, recipe in self.plan.by_trial.items():
            self.results[trial] = without_weights(trial, recipe, status, "It was never begun.")
        for piece in self.pieces:
            piece.training = ()
        self.judged = len(self.rungs)

    @property
    def done(self) -> float:
        """Trials' worth of training done: those that ended count one, others by their bound on updates."""
        recipes = self.plan.by_trial
        training = [(piece, trial) for piece in self.pieces for trial in piece.training]
        parts = [max(piece.step, 0) / (recipes[trial].num_steps or math.inf) for piece, trial in training]
        return len(self.plan.trials) - len(training) + sum(min(1.0, part) for part in parts)
