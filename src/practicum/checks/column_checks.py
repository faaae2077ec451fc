"""Columns that may be wrong: twins, heavy tails, and one that gives the answer away.

Source: the faults D2, D4 and D9 of the guide; limits as given there, stricter where sound tables crossed them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from practicum.checks.columns import ALIKE, FAR_TAIL, tail_length, twins
from practicum.checks.sampled import Sampled
from practicum.core.finding import Finding
from practicum.data.notes import listed
from practicum.data.pipeline import Prepared

MOST_COMPARED = 500
"""Numeric columns that are compared with each other at most."""

NEARLY_ALL, WITHOUT = 0.9, 0.8
"""A column gives the answer away if it alone has the first share of the skill of all, and the others not the second."""

LEAST_SKILL = 0.8
"""Of all columns together, before one can give the answer away: only what is predicted well is suspicious."""

SURE = 4.0
"""Standard errors that a difference must have beside."""

FEW = 100
"""Rows below which nothing is said of how they are spread."""


def twin_columns(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find numeric columns that say the same [D2]."""
    single = {name: places[0] for name, places in rows.columns.items() if len(places) == 1}
    names = [name for name, place in single.items() if rows.x[:, place].std() > 0][:MOST_COMPARED]
    if len(names) < 2:
        return
    pairs = [(names[i], names[j]) for i, j in twins(rows.x[:, [single[name] for name in names]])]
    if pairs:
        shown = ", ".join(f'"{one}" and "{other}"' for one, other in pairs[:3])
        more = f" and {len(pairs) - 3} more pairs" if len(pairs) > 3 else ""
        yield Finding(
            "twin-columns",
            "info",
            (("D2", 1.0),),
            f"Columns say the same (correlation above {ALIKE}): {shown}{more}.",
            "Keep one of each: the other adds nothing but weights.",
            "3.2-39",
            tuple(("column", name) for name in dict.fromkeys(name for pair in pairs for name in pair)),
        )


def heavy_tails(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find numeric columns with a few values far away from all others [D4]."""
    frame = prepared.loaded.table.frame
    far = []
    for column in prepared.schema.inputs():
        if column.kind != "numeric" or not frame[column.name].dtype.is_numeric():
            continue
        values = frame[column.name].gather(prepared.split.train).drop_nulls().to_numpy().astype(np.float64)
        values = values[np.isfinite(values)]
        if len(values) < FEW:
            continue
        if tail_length(values) > FAR_TAIL:
            far.append(column.name)
    if far:
        yield Finding(
            "heavy-tails",
            "info",
            (("D4", 1.0),),
            f"A thousandth of the values lies more than {FAR_TAIL:g} quartile distances out: {listed(far)}.",
            "Let `tails: log` shorten them, or uniformise.",
            "3.2-41",
            tuple(("column", name) for name in far),
        )


def given_away(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find the column that alone predicts nearly as well as all, while the others do not [D9]."""
    if len(rows.columns) < 2 or len(rows.y) < FEW:
        return
    whole = rows.skill()
    if whole.value < LEAST_SKILL:
        return
    for name, places in rows.columns.items():
        alone = rows.skill(places)
        if alone.value < NEARLY_ALL * whole.value:
            continue
        others = [place for one, found in rows.columns.items() if one != name for place in found]
        rest = rows.skill(others)
        if rest.value + SURE * rest.standard_error < WITHOUT * whole.value:
            yield Finding(
                "answer-given-away",
                "warning",
                (("D9", 0.9),),
                f'"{name}" alone predicts the target nearly as well as all columns (skill {alone.value:.2f} of '
                f"{whole.value:.2f}); without it {rest.value:.2f} is left.",
                "Is it known when you will predict? If only afterwards, leave it out (its role in the schema).",
                "3-02",
                (("column", name),),
            )
