"""What the checks before training say of the network as it was, on the first rows that it was given."""

from __future__ import annotations

from practicum.checks.parts import PARTS
from practicum.checks.subject import Checked, Subject
from practicum.core.finding import Finding
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.facts import Facts

ROWS = 256

LOOKED_AT = ("outputs", "start", "signal")
"""Checks that cost little: those whose functions of :data:`practicum.checks.parts.PARTS` have these names."""


@kept
def found_before(facts: Facts) -> tuple[Finding, ...]:
    """Return what is wrong with the network as it was before its first step; nothing where that cannot be said."""
    rows, trained = rows_of(facts), facts.trained
    if rows is None or trained is None or trained.start is None or trained.loss_fn is None:
        return ()
    if len(rows.x) < 8 or not bool(rows.x.double().isfinite().all()):
        return ()
    subject = Subject(trained.start, trained.loss_fn, rows.x[:ROWS], rows.y[:ROWS], 0)
    found: list[Finding] = []
    before: list[Checked] = []
    for title, look in PARTS.items():
        if look.__name__.strip("_") in LOOKED_AT:
            try:
                found += look(title, subject, before).findings
            except Exception:  # noqa: BLE001, S112 (a model that cannot be run so is not judged)
                continue
    return tuple(found)
