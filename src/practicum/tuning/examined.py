"""Exams between the rungs of a race: a diagnosis looks, and whoever it calls hopeless leaves before the judge is asked.

The judge counts them, as infinitely poor, at the rung they were on their way to; so where the diagnosis is right it
decides for the others as it would have without it. What a trial that goes on computes is never touched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from practicum.core.record import Record
from practicum.engine.race import Judge
from practicum.recipe import Recipe
from practicum.tuning.exam import Course, Exam, Examine, Stoppable, courses_of
from practicum.tuning.lengths import Lengths


def nobody(search: Stoppable, exam: Exam) -> None:
    """Call nobody hopeless."""


@dataclass(frozen=True, slots=True)
class Stop:
    """That a setting was told to leave.

    Attributes:
        exam: number of the exam, from 0.
        reason: a fault's id, its name and the evidence.
        over: whether its best was behind it: it was ended early, as by patience, and not given up.
    """

    exam: int
    reason: str
    over: bool = False

    @property
    def plain(self) -> list[int | str | bool]:
        """What JSON can hold."""
        return [self.exam, self.reason, self.over]


def stops_from(plain: Mapping[str, Any] | None) -> dict[int, Stop] | None:
    """Return what JSON has of stops, by the setting's number; ``None`` where it has nothing.

    Example:
        >>> stops_from({"7": [0, "E1 overfits", True]})
        {7: Stop(exam=0, reason='E1 overfits', over=True)}
    """
    if plain is None:
        return None
    return {
        int(number): Stop(int(exam), str(reason), bool(over))
        for number, (exam, reason, over) in plain.items()
    }


@dataclass(slots=True)
class Examined:
    """A judge of trainings that asks a diagnosis at exams, and another judge at rungs.

    As any judge it is called at each mark in the order of the packs, and remembers by mark.

    Attributes:
        judge: of trainings, asked at rungs.
        lengths: of the search: which mark is an exam, which a rung.
        examine: told of each exam; it calls :meth:`tell`.
        record: of all trainings.
        recipe_of: returns the recipe of a training.
        first_trial: number of the first training.
        num_folds: trainings of each setting.
        known: who was told to leave in the run that is repeated; nobody is examined then.
        stopped: who was told to leave, by the setting's number.
    """

    judge: Judge
    lengths: Lengths
    examine: Examine
    record: Record
    recipe_of: Callable[[int], Recipe]
    first_trial: int = 0
    num_folds: int = 1
    known: Mapping[int, Stop] | None = None
    stopped: dict[int, Stop] = field(default_factory=dict)
    _exam: int = 0
    _pack: dict[int, int] = field(default_factory=dict)  # place in the order of the packs, by training
    _seen: dict[int, dict[int, tuple[int, Course]]] = field(default_factory=dict)  # by exam, by setting
    _left: dict[int, set[int]] = field(default_factory=dict)  # by pack, since its last rung

    def tell(self, trial: int, *, stop: str, over: bool = False) -> None:
        """Let setting number ``trial`` leave now, and keep ``stop``, the reason, and whether its best is behind it."""
        self.stopped[trial] = Stop(self._exam, stop, over)

    def __call__(self, rung: int, errors: Mapping[int, float]) -> Collection[int]:
        """Return the trainings that go on; ``rung`` counts exams and rungs, as the race does."""
        marks = self.lengths.marks
        number = sum(is_rung == marks[rung][1] for _, is_rung in marks[:rung])
        pack = self._place(errors)
        if marks[rung][1]:
            gone = dict.fromkeys(self._left.pop(pack, ()), math.inf)
            return set(self.judge(number, {**errors, **gone})) & errors.keys()
        self._look(number, pack, errors)
        leaving = {trial for trial in errors if self._leaves(trial, number)}
        self._left.setdefault(pack, set()).update(leaving)
        return errors.keys() - leaving

    def _place(self, errors: Mapping[int, float]) -> int:
        """Return the place of a pack; all are seen at the first mark, in their order."""
        new = len(set(self._pack.values()))
        for trial in errors:
            self._pack.setdefault(trial, new)
        return self._pack[min(errors)]

    def _look(self, exam: int, pack: int, errors: Mapping[int, float]) -> None:
        """Examine the settings of a pack that were not yet: of folds in several packs, the first pack's decide."""
        folds: dict[int, list[int]] = {}
        for trial in sorted(errors):
            folds.setdefault(self._setting(trial), []).append(trial)
        if self.known is not None:
            again = {number: self.known[number] for number in folds if number in self.known}
            self.stopped |= {number: stop for number, stop in again.items() if stop.exam == exam}
            return
        seen = self._seen.setdefault(exam, {})
        new = {number: some for number, some in folds.items() if number not in seen}
        recipes = {some[0]: self.recipe_of(some[0]) for some in new.values()}
        age = self.lengths.exams[exam]
        courses = courses_of(self.record, new, recipes, self.lengths, age)
        seen |= {course.number: (pack, course) for course in courses}
        self._exam = exam
        until = min((rung for rung in self.lengths.rungs if rung > age), default=self.lengths.full)
        self.examine(self, Exam(age, until, courses, self._peers(exam, pack)))

    def _peers(self, exam: int, pack: int) -> list[Course]:
        """Return all settings of this pack and those before it, each as it was at its last exam up to this one."""
        last: dict[int, tuple[int, Course]] = {}
        for number in range(exam + 1):
            last |= self._seen.get(number, {})
        return [course for _, (place, course) in sorted(last.items()) if place <= pack]

    def _leaves(self, trial: int, exam: int) -> bool:
        """Return whether the setting of ``trial`` was told to leave at this exam or before."""
        stop = self.stopped.get(self._setting(trial))
        return stop is not None and stop.exam <= exam

    def _setting(self, trial: int) -> int:
        return (trial - self.first_trial) // self.num_folds
