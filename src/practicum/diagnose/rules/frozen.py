"""Parameters that require no gradient."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | None:
    """Say which parameters are frozen."""
    if not facts.frozen:
        return None
    total = len(facts.frozen) + facts.num_trainable
    return f"{len(facts.frozen)} of {total} parameters require no gradient: {listed(facts.frozen)}."


RULE = Rule(
    id="R011",
    title="Frozen parameters",
    severity="info",
    causes=(("A12", 1.0),),
    why="What is frozen is not trained; in fine-tuning that is meant, elsewhere it is forgotten.",
    advice="If this is not meant: `parameter.requires_grad_(True)`.",
    source="fault-A12",
    inject="Call `requires_grad_(False)` on a layer.",
    check=check,
)
