"""A model that is validated in training mode: with dropout's noise, and with each batch's own statistics."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 2
SHARE = 0.5
"""Of the validations that were heard, before it is said."""


def check(facts: Facts) -> str | None:
    """Say how many validations ran in training mode, where that makes a difference."""
    count = facts.heard
    if not facts.mode_matters or facts.validated_in_training < max(LEAST, SHARE * count):
        return None
    return (
        f"{facts.validated_in_training} of {count} validations ran in training mode, which makes a difference for "
        f"{listed(facts.mode_matters)}."
    )


RULE = Rule(
    id="R005",
    title="Validated in training mode",
    severity="warning",
    causes=(("C5", 1.0),),
    why="Validation errors then carry dropout's noise, and batch normalisation learns from validation rows.",
    advice="Call `model.eval()` before validating and `model.train()` after it.",
    source="fault-C5",
    inject="Validate under `torch.no_grad()` without `model.eval()`.",
    check=check,
)
