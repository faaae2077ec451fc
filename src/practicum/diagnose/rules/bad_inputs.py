"""Inputs or targets that hold NaN or infinity."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | None:
    """Say where the first numbers that are not finite came in."""
    if facts.bad_inputs is None:
        return None
    step, name = facts.bad_inputs
    return f"The {name} of step {step} hold NaN or infinity."


RULE = Rule(
    id="R013",
    title="Inputs or targets that are no finite numbers",
    severity="critical",
    causes=(("D3", 1.0),),
    why="One such number makes the loss, and with it every weight, NaN.",
    advice="Fill missing values (and add an input that says so) before training.",
    source="fault-D3",
    inject="Set one input in a thousand to NaN.",
    check=check,
)
