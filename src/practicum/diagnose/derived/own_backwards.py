"""Whether backward passes that somebody wrote agree with finite differences; asked only where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from practicum.checks.criterion import Criterion
from practicum.checks.descent import without_dropout
from practicum.checks.fault_place import modules_at_fault
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.derived.structure import structure_of
from practicum.monitor.facts import Facts

ROWS = 8
EPSILON = 1e-4
"""The longest step of finite differences [4.1-01]."""


@dataclass(frozen=True, slots=True)
class OwnBackwards:
    """What was found.

    Attributes:
        functions: whose backward pass somebody wrote.
        modules: innermost ones whose own derivative is wrong.
    """

    functions: tuple[str, ...]
    modules: tuple[str, ...]


@kept
def wrong_backwards(facts: Facts) -> OwnBackwards | None:
    """Return which modules are wrong; None where nobody wrote a backward pass, or it cannot be tried."""
    structure, rows, trained = structure_of(facts), rows_of(facts), facts.trained
    if structure is None or not structure.own_backwards or rows is None or trained is None:
        return None
    model = trained.start or trained.model
    if trained.loss_fn is None:
        return None
    criterion = Criterion(model, trained.loss_fn, rows.x[:ROWS], rows.y[:ROWS])
    without_dropout(criterion.model)
    return OwnBackwards(
        structure.own_backwards, modules_at_fault(criterion.model, criterion.value, EPSILON, 0)
    )
