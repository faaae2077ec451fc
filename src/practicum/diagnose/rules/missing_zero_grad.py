"""Gradients that are not reset: each update uses the sum of all gradients so far."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 3
"""Updates by used gradients before it is said."""


def check(facts: Facts) -> str | None:
    """Say how many updates were by gradients that an earlier update had used."""
    if facts.stale < LEAST:
        return None
    return (
        f"{facts.stale} of {facts.num_updates} updates were by gradients added to those of an earlier update."
    )


RULE = Rule(
    id="R001",
    title="Gradients are not reset",
    severity="critical",
    causes=(("C1", 1.0),),
    why="Every update then goes along the sum of all gradients since the start, far too fast and in old directions.",
    advice="Call `optimizer.zero_grad()` before each backward pass that begins a new minibatch.",
    source="fault-C1",
    inject="Leave `optimizer.zero_grad()` out of the loop.",
    check=check,
)
