"""Gradients that no update uses: the weights stay as they were."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 3
"""Gradients thrown away before it is said."""

LONGEST = 100
"""Backward passes without any update, more than anybody accumulates gradients over."""


def check(facts: Facts) -> str | None:
    """Say how many backward passes there were without an update."""
    if facts.num_updates > 0 or facts.moved:
        return None
    if facts.discarded < LEAST and facts.num_backwards < LONGEST:
        return None
    return (
        f"There were {facts.num_backwards} backward passes, no step of an optimiser that is watched, and no parameter "
        "moved."
    )


RULE = Rule(
    id="R002",
    title="The optimiser never steps",
    severity="critical",
    causes=(("C2", 0.9), ("A11", 0.1)),
    why="Gradients are computed and thrown away; nothing is learned.",
    advice="Call `optimizer.step()` after the backward pass, on the optimiser that holds this model's parameters.",
    source="fault-C2",
    inject="Leave `optimizer.step()` out of the loop.",
    check=check,
)
