"""Dropout that leaves too little."""

from __future__ import annotations

from torch import nn

from practicum.diagnose.derived.course import course_of
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.derived.validated import train_outputs_loss
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

STRONG = 0.7
"""Share of units that are dropped."""

TIMES, LEFT = 2.0, 0.25
"""Loss in training mode over that in evaluation mode, and over that of the best constant output."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how much is dropped, where the network lacks something."""
    model = facts.trained.model if facts.trained else None
    if model is None:
        return None
    shares = [
        one.p for one in model.modules() if isinstance(one, nn.modules.dropout._DropoutNd) and one.p >= STRONG
    ]
    if not shares:
        return None
    lacks = shortfall(facts) or _apart(facts)
    if lacks is None:
        return None
    return Evidence(f"{len(shares)} layers drop up to {max(shares):.0%} of what they are given. {lacks}")


def _apart(facts: Facts) -> str | None:
    """Return how far the loss in training mode lies above that of the same rows without dropout, where that is far."""
    course, known = course_of(facts), train_outputs_loss(facts)
    if course is None or known is None or course.end < max(TIMES * known[0], LEFT * known[1]):
        return None
    return f"With it the loss of training rows is {course.end:.3g}, without it {known[0]:.3g}."


RULE = Rule(
    id="R078",
    title="Dropout too strong",
    severity="warning",
    causes=(("E4", 0.9),),
    why="What is left of a layer changes so much from step to step that nothing can rely on it.",
    advice="Drop at most a half, and a fifth of the inputs.",
    source="fault-E4",
    inject="Drop nine tenths of the hidden units.",
    check=check,
)
