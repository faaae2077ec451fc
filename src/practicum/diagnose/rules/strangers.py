"""Weights that the forward pass uses and the model does not know."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 2
"""Looks at which they were used, before it is said."""


def check(facts: Facts) -> str | None:
    """Say how many weights no module of the model has as its own, and no optimiser either."""
    counts = [look.strangers for look in facts.looks if look.strangers]
    if len(counts) < LEAST:
        return None
    return f"The forward pass uses {max(counts)} weights that neither the model nor an optimiser knows."


RULE = Rule(
    id="R048",
    title="Layers that the model does not know",
    severity="critical",
    causes=(("A10", 1.0),),
    why="Modules in a plain list or a dictionary are no parts of the model: nothing trains, moves or saves them.",
    advice="Keep them in a `nn.ModuleList` or `nn.ModuleDict`.",
    source="fault-A10",
    inject="Keep the hidden layers in a plain list.",
    check=check,
)
