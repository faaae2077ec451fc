"""What the checks before training say of the network as it was, on the first rows that it was given."""

from __future__ import annotations

from practicum.checks.parts import PARTS
from practicum.checks.start_loss import StartLoss
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
    return tuple(finding for part in checked_before(facts) for finding in part.findings)


@kept
def start_before(facts: Facts) -> StartLoss | None:
    """Return the loss before the first step, beside that of a constant; None where it cannot be said."""
    return next((part.found for part in checked_before(facts) if isinstance(part.found, StartLoss)), None)


@kept
def checked_before(facts: Facts) -> tuple[Checked, ...]:
    """Return what each check said of the network as it was; those that could not look are left out."""
    rows, trained = rows_of(facts), facts.trained
    if rows is None or trained is None or trained.start is None or trained.loss_fn is None:
        return ()
    if len(rows.x) < 8 or not bool(rows.x.double().isfinite().all()):
        return ()
    subject = Subject(trained.start, trained.loss_fn, rows.x[:ROWS], rows.y[:ROWS], 0)
    checked: list[Checked] = []
    for title, look in PARTS.items():
        if look.__name__.strip("_") in LOOKED_AT:
            try:
                checked.append(look(title, subject, checked))
            except Exception:  # noqa: BLE001, S112 (a model that cannot be run so is not judged)
                continue
    return tuple(checked)
