"""A column that gives the answer away: likely known only after the fact."""

from __future__ import annotations

import numpy as np

from practicum.checks.columns import told_by_each
from practicum.diagnose.derived.table import table_of
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

NEARLY_ALL, NEXT = 0.9, 0.75
"""Share of the targets' variance that one column explains by a straight line, and no other so much as the second."""

LEAST_ROWS = 100
"""Below so many nothing is said."""


def check(facts: Facts) -> str | None:
    """Say how much one column tells by itself, and how little the next best does."""
    table = table_of(facts)
    if table is None or not table.is_plain or table.x.shape[1] < 2 or len(table.y) < LEAST_ROWS:
        return None
    y_NC = (
        table.y[:, None]
        if table.task == "regression"
        else (table.y[:, None] == np.unique(table.y)).astype(float)
    )
    told = told_by_each(table.x, y_NC)
    best, after = (int(place) for place in told.argsort()[::-1][:2])
    if told[best] < NEARLY_ALL or told[after] > NEXT:
        return None
    return (
        f"Input column {best} alone goes with the targets (a correlation of {told[best] ** 0.5:.3f}); the next best, "
        f"column {after}, has {told[after] ** 0.5:.3f}."
    )


RULE = Rule(
    id="R021",
    title="A column gives the answer away",
    severity="warning",
    causes=(("D9", 0.9),),
    why="What holds the answer here is often known only afterwards; in use the network then knows nothing.",
    advice="Ask whether the column is known at the moment of prediction; if not, leave it out and train again.",
    source="fault-D9",
    inject="Add the target plus some noise as a column.",
    check=check,
)
