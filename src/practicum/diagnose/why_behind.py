"""Why a trial of a search stays behind: what sets its settings apart from those of the best, and what its curve shows.

Whether it is behind is decided elsewhere; this gives the reason a name of the fault catalogue, and the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from practicum.tuning.exam import Course, Exam

FAR = 4.0
"""A learning rate or penalty that differs by this factor from those of the best third is held to be the cause."""

MUCH_DROPOUT = 0.2
"""Dropout above that of the best third by so much is held to be the cause."""

FLAT = 0.01
"""Relative fall of the training loss over the last half, below which it does not learn."""

BEST = 1 / 3
"""Share of the peers that count as the best."""


def cause(course: Course, exam: Exam) -> str:
    """Return the likeliest fault of a setting that is behind, with the evidence.

    Args:
        course: of the setting.
        exam: with its peers.
    """
    best = _best(exam.peers)
    fall, usual = _fall(course), float(np.median([_fall(one) for one in exam.peers]))
    seen = (
        f"validation loss fell {fall:.1%} in {course.ages[-1]:,.0f} examples, the median of {len(exam.peers)} peers "
        f"{usual:.1%}"
    )
    fault = _fault(course, best)
    return f"{fault}{';' if ':' in fault else ':'} {seen}"


def _fault(course: Course, best: Sequence[Course]) -> str:
    """Return id and name of the fault, and what it is told by; the first that applies."""
    found = (look(course, best) for look in (_unsteady, _constant, _penalised, _dropped, _paced))
    return next((fault for fault in found if fault), "E2 underfits")


def _unsteady(course: Course, best: Sequence[Course]) -> str:
    """A higher rate than the best have, and a training loss above where it was at half of its age."""
    mine, rate = course.recipe.learning_rate, _middle(best, "learning_rate")
    half = max(1, len(course.ages) // 2)
    if not (course.train_loss[-1] > course.train_loss[half] and mine > rate):
        return ""
    return f"O1 rate too high: {mine:.3g}, of the best {rate:.3g}, and its training loss rises"


def _constant(course: Course, _: Sequence[Course]) -> str:
    """The same errors at each validation, and a training loss that stays where it is."""
    half = max(1, len(course.ages) // 2)
    before, now = course.train_loss[half], course.train_loss[-1]
    if np.ptp(course.valid_error[1:]) > 0 or not before - now < FLAT * abs(before):
        return ""
    fault, units = ("A6", "dead") if course.recipe.activation == "relu" else ("A7", "saturated")
    return f"{fault} {units} units, perhaps: the same errors at each validation, and a flat training loss"


def _penalised(course: Course, best: Sequence[Course]) -> str:
    """A penalty far above those of the best."""
    for name in ("l2_penalty", "l1_penalty"):
        mine, usual = _number(course, name), _middle(best, name)
        if mine > FAR * usual:
            return f"O11 penalty too strong: {name} {mine:.3g}, of the best {usual:.3g}"
    return ""


def _dropped(course: Course, best: Sequence[Course]) -> str:
    """Dropout far above that of the best."""
    mine, usual = course.recipe.dropout, _middle(best, "dropout")
    return (
        f"E4 dropout too strong: {mine:.2g}, of the best {usual:.2g}" if mine > usual + MUCH_DROPOUT else ""
    )


def _paced(course: Course, best: Sequence[Course]) -> str:
    """A rate far from those of the best."""
    mine, rate = course.recipe.learning_rate, _middle(best, "learning_rate")
    if mine * FAR <= rate:
        return f"O2 rate too low: {mine:.3g}, of the best {rate:.3g}"
    return f"O1 rate too high: {mine:.3g}, of the best {rate:.3g}" if mine >= FAR * rate else ""


def _best(peers: Sequence[Course]) -> list[Course]:
    ranked = sorted(peers, key=lambda one: (one.best, one.number))
    return ranked[: max(1, round(BEST * len(ranked)))]


def _middle(courses: Sequence[Course], name: str) -> float:
    """Return the median of a setting."""
    return float(np.median([_number(one, name) for one in courses]))


def _number(course: Course, name: str) -> float:
    """Return a setting; of one by layers the largest."""
    return float(np.max(getattr(course.recipe, name)))


def _fall(course: Course) -> float:
    """Return by how much the validation loss has fallen from the start to its least, relative."""
    start = float(course.valid_loss[0])
    least = float(np.min(course.valid_loss[np.isfinite(course.valid_loss)], initial=start))
    return (start - least) / abs(start) if start and math.isfinite(start) else 0.0
