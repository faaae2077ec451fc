"""Gradients that are not reset: each update uses the sum of all gradients so far."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 3
"""Backward passes on used gradients before it is said; a loop that resets them seldom does so on purpose."""


def check(facts: Facts) -> str | None:
    """Say how often gradients were added to ones that an update had used."""
    if facts.stale < LEAST:
        return None
    return f"{facts.stale} of {facts.num_backwards} backward passes added to gradients that an update had used already."


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
