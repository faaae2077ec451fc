"""Momentum that is too high: less of it, at the same rate, gets further."""

from __future__ import annotations

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.paces import paces_of
from practicum.diagnose.derived.rates import momentum_of, too_fast
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> Evidence | None:
    """Say how far less momentum gets, and how the velocity compares with the gradient."""
    if is_explained(facts):
        return None
    found, paces = too_fast(facts), paces_of(facts)
    if found is None or paces is None or found.kind != "momentum":
        return None
    return Evidence(
        f"Momentum {momentum_of(facts):g} makes the velocity {paces.velocity:.3g} times the gradient: {found.text}; "
        "momentum 0.9 at the same rate does as well."
    )


RULE = Rule(
    id="R063",
    title="Momentum is too high",
    severity="warning",
    causes=(("O9", 0.75), ("O3", 0.15), ("O1", 0.1)),
    why="The velocity remembers gradients of places long left, and the loss rings.",
    advice="Set momentum to 0.9, or multiply the learning rate by 1 - momentum over 0.1.",
    source="fault-O9",
    inject="Set momentum to 0.99 or more and leave the learning rate.",
    check=check,
)
