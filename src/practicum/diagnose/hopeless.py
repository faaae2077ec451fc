"""Which trials of a search are hopeless, by how they came along beside others of their age, and why.

Two factors: a symptom (it is behind, or its loss rises) and no progress (at its pace it cannot catch up, or it is long
past its best). The best tenth is protected, and so is whoever is too young. Nobody is stopped for one statistic alone.
Source: Bengio 2012, 3.3-07 (cheap surrogates), 3.1-09 (the weights at the best are kept); diagnosis inside a search is
after the chapter (BTTackler, KDD 2024). Limits are measured in `benchmarks/diagnosed_search.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from practicum.core.events import Floats
from practicum.diagnose.why_behind import cause
from practicum.tuning.exam import Course, Exam

PROTECTED = 0.1
"""Share of all settings of an age, rounded up, that nothing stops: the best by error, and the best by loss."""

FEWEST_PEERS = 8
"""Settings of the same age, at least, before one is called behind."""

FEWEST_VALIDATIONS = 5
"""Validations after the first update, at least, before anything is said of a setting: some begin on a plateau."""

SINCE_BEST = 3
"""Validations since its best, at least, of a setting that is past it; the least loss of the last so many counts."""

GOOD = 0.25
"""Share of the peers that are as good or better: where it must be by the end."""

PACE = 2.0
"""A setting may turn out so many times as quick as it was, in gain each time its age doubles."""

RISE = 1.1
"""Validation loss, over its least, of a setting that is past its best."""

LONG_PAST = 3.0
"""Its age is at least so many times that of its best."""


@dataclass(frozen=True, slots=True)
class Hopeless:
    """Why a setting should leave.

    Attributes:
        reason: a fault's id, its name and the evidence.
        over: whether its best is behind it; else it is behind others.
    """

    reason: str
    over: bool = False


def hopeless(exam: Exam) -> dict[int, Hopeless]:
    """Return the settings that should leave now, by number, each with the reason.

    A function of the exam alone, so that a search that goes on after a kill decides the same.

    Args:
        exam: settings in question, and all of their age.

    Source:
        Bengio 2012, 3.3-07.
        NOTE[DIFF]: the chapter has early stopping for trainings only; giving up trials by diagnosis is after it.

    Example:
        >>> hopeless(Exam(age=800.0, until=1600.0, courses=(), peers=()))
        {}
    """
    spared = protected(exam.peers)
    found = {}
    for course in exam.courses:
        if course.number in spared or np.count_nonzero(course.ages > 0) < FEWEST_VALIDATIONS:
            continue
        over = past_its_best(course)
        reason = over or left_behind(course, exam)
        if reason:
            found[course.number] = Hopeless(reason, bool(over))
    return found


def protected(peers: Sequence[Course]) -> set[int]:
    """Return the settings that nothing stops: the best tenth by the least error so far, and by the least loss."""
    count = math.ceil(PROTECTED * len(peers))
    spared: set[int] = set()
    for measure in (0, 1):
        ranked = sorted(peers, key=lambda one: (one.best[measure], one.number))
        spared |= {one.number for one in ranked[:count]}
    return spared


def past_its_best(course: Course) -> str:
    """Return why a setting will hardly get better: it overfits, and has for long; empty if that cannot be said.

    Its best weights are kept, so that going on would only cost time.
    """
    place = int(np.flatnonzero(course.improved)[-1]) if course.improved.any() else 0
    since = len(course.ages) - 1 - place
    if place == 0 or since < SINCE_BEST or course.ages[-1] < LONG_PAST * course.ages[place]:
        return ""
    least, now = course.valid_loss[place], float(np.min(course.valid_loss[-SINCE_BEST:]))
    then, train = course.train_loss[place], course.train_loss[-1]
    if not (least > 0 and now >= RISE * least and train < then):
        return ""
    return (
        f"E1 overfits: its validation loss is {now / least - 1:.0%} above its least, {since} validations ago, while "
        f"its training loss fell from {then:.3g} to {train:.3g}"
    )


def left_behind(course: Course, exam: Exam) -> str:
    """Return why a setting cannot catch up: at its pace it would not even come to where the best quarter is now."""
    if len(exam.peers) < FEWEST_PEERS:
        return ""
    doublings = math.log2(max(1.0, exam.until / exam.age))
    for measure, values in enumerate((course.best_error, course.best_loss)):
        bar = float(np.quantile([one.best[measure] for one in exam.peers], GOOD, method="higher"))
        if not reach(course.ages, values, doublings) > bar:
            return ""
    return cause(course, exam)


def reach(ages: Floats, values: Floats, doublings: float) -> float:
    """Return what ``values`` can come down to when the age has doubled so often, at :data:`PACE` times the last pace.

    Args:
        ages: examples seen, (V,).
        values: at the best so far, one a validation, (V,); infinite where there was none.
        doublings: of the last age.

    Example:
        >>> round(reach(np.array([0.0, 100.0, 200.0]), np.array([1.0, 0.9, 0.8]), 1.0), 2)
        0.6
    """
    half = int(np.searchsorted(ages, ages[-1] / 2, side="right")) - 1
    now, before = float(values[-1]), float(values[half])
    if not math.isfinite(now):
        return math.inf
    return now - PACE * doublings * max(0.0, before - now)
