"""A model that is trained in evaluation mode: no dropout, and normalisation by stale statistics."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 5
"""Updates in succession before it is said."""


def check(facts: Facts) -> str | None:
    """Say how many updates there were in evaluation mode, where that makes a difference."""
    if not facts.mode_matters or facts.in_evaluation < LEAST:
        return None
    return (
        f"{facts.in_evaluation} updates in succession were made in evaluation mode, which makes a difference for "
        f"{listed(facts.mode_matters)}."
    )


RULE = Rule(
    id="R004",
    title="Trained in evaluation mode",
    severity="warning",
    causes=(("C4", 1.0),),
    why="Dropout does nothing and batch normalisation never learns its statistics.",
    advice="Call `model.train()` at the head of each epoch, after `model.eval()` of the validation.",
    source="fault-C4",
    inject="Call `model.eval()` once and never `model.train()` again.",
    check=check,
)
