"""Inputs that say nothing: columns of one value, and copies of other columns."""

from __future__ import annotations

import numpy as np

from practicum.checks.columns import Array, twins
from practicum.diagnose.derived.table import columns
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

SAME = 1e-8
"""Deviation, relative to the mean, below which a column holds one value."""

BACKGROUND = 0.1
"""Where a constant's value is that of so many other cells, it is what sparse inputs or pixels have where nothing is."""

LEAST = 10
"""Rows in which a column must differ from its commonest value before it can be a copy: rare words go together."""

MANY = 0.1
"""Share of the columns, two at least, from which it is a warning."""

MOST = 500
"""Columns that are looked at, at most."""


def check(facts: Facts) -> Evidence | None:
    """Say how many columns are constant or copies."""
    x = columns(facts)
    if x is None:
        return None
    x = x[:, :MOST]
    constant = _constant(x)
    copies = len({later for _, later in twins(x, mirrored=False) if _changes(x[:, later]) >= LEAST})
    count = constant + copies
    if count == 0:
        return None
    many = count >= 2 and count >= MANY * x.shape[1]
    return Evidence(
        f"Of {x.shape[1]} input columns {constant} hold one value in all of {len(x):,} kept rows, and {copies} are "
        "copies of another.",
        severity="warning" if many else "info",
    )


def _constant(x: Array) -> int:
    """Return how many columns hold one value that is not that of an empty cell."""
    mean, spread = x.mean(0), x.std(0)
    flat = spread <= SAME * (1 + np.abs(mean))
    others = x[:, ~flat]
    if not others.size:
        return int(flat.sum())
    return sum(float((others == x[0, place]).mean()) < BACKGROUND for place in np.flatnonzero(flat))


def _changes(column: Array) -> int:
    """Return how many rows differ from the commonest value."""
    return int(len(column) - np.unique(column, return_counts=True)[1].max())


RULE = Rule(
    id="R015",
    title="Columns that say nothing",
    severity="warning",
    causes=(("D2", 0.95),),
    why="A constant adds nothing, a copy only weights; often what the column should have held was lost on the way.",
    advice="Look where these columns come from; if they are meant so, leave them out.",
    source="fault-D2, 3.2-39",
    inject="Fill columns with zero, or with another column.",
    check=check,
)
