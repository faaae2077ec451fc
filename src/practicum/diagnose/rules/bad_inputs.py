"""Inputs or targets that hold NaN, and a loss that does."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | None:
    """Say where the NaN came in that made the loss no number."""
    if facts.bad_inputs is None:
        return None
    step, name = facts.bad_inputs
    return f"The {name} of step {step} hold NaN, and its loss is the first that is no finite number."


RULE = Rule(
    id="R013",
    title="NaN in inputs or targets",
    severity="critical",
    causes=(("D3", 1.0),),
    why="One such number makes the loss, and with it every weight, NaN.",
    advice="Fill missing values (and add an input that says so) before training.",
    source="fault-D3",
    inject="Set one input in a thousand to NaN.",
    check=check,
)
