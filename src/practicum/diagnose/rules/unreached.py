"""Parameters that never get a gradient: layers that the output does not depend on."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.derived.exact import is_never_reached
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 3
"""Updates before it is said: a part of a model may rest for a step."""


def check(facts: Facts) -> str | None:
    """Say which parameters had no gradient at any of the first updates."""
    names = [
        name for name, asked in facts.asked.items() if asked >= LEAST and facts.never_reached[name] == asked
    ]
    if not names or is_never_reached(facts):  # of no parameter at all: that is another fault
        return None
    return (
        f"{len(names)} of {facts.num_trainable} trainable parameters had no gradient at any of the first updates: "
        f"{listed(names)}."
    )


RULE = Rule(
    id="R009",
    title="Parameters without a gradient",
    severity="warning",
    causes=(("A10", 0.9), ("C3", 0.1)),
    why="A layer that the loss does not depend on is never trained.",
    advice="Connect it in `forward`, look for `detach` behind it, or delete it.",
    source="fault-A10",
    inject="Define a layer and do not call it.",
    check=check,
)
