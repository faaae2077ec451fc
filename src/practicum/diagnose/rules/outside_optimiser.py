"""Parameters with gradients that no optimiser moves."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 3


def check(facts: Facts) -> str | None:
    """Say which parameters have a gradient but belong to no optimiser."""
    if facts.num_updates < LEAST or not facts.outside:
        return None
    return (
        f"{len(facts.outside)} of {facts.num_trainable} trainable parameters get a gradient but belong to no optimiser "
        f"that is watched: {listed(facts.outside)}."
    )


RULE = Rule(
    id="R010",
    title="Parameters that no optimiser moves",
    severity="critical",
    causes=(("A11", 1.0),),
    why="A layer that was made or replaced after the optimiser is not trained.",
    advice="Make the optimiser after the model is complete, or add the parameters by `add_param_group`.",
    source="fault-A11",
    inject="Replace the last layer after the optimiser was made.",
    check=check,
)
