"""A loss that stays where it is, high above where it should be, and nothing else that shows why."""

from __future__ import annotations

from practicum.diagnose.derived.course import course_of
from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 100
"""Steps before it is said."""

FELL = 0.1
"""Part of its first value that the loss has fallen by, below which the run has hardly learned."""

FLAT = 2.0
"""Standard errors of the slope of the last third below which it is flat."""


def check(facts: Facts) -> str | None:
    """Say how little the loss fell, and that it falls no longer."""
    course = course_of(facts)
    if course is None or course.num_steps < LEAST or is_explained(facts) or course.begin <= 0:
        return None
    fell = (course.begin - course.end) / course.begin
    if not 0 <= fell < FELL or abs(course.slope_t) > FLAT:
        return None
    return (
        f"The training loss went from {course.begin:.4g} to {course.end:.4g} and no longer changes (slope of the last "
        f"third: {course.slope_t:+.1f} standard errors)."
    )


RULE = Rule(
    id="R058",
    title="The loss stays on a plateau",
    severity="info",
    causes=(("O4", 0.4), ("D12", 0.2), ("A4", 0.2), ("E2", 0.2)),
    why="A flat loss may be a saddle, a network that cannot, or data that hold no more; the number alone does not say.",
    advice="See whether the network learns 50 rows by heart (`practicum check`); if it does, lower the learning rate, "
    "otherwise look at initialisation and loss.",
    source="fault-O4",
    inject="Start where gradients vanish.",
    check=check,
)
