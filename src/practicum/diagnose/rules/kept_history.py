"""Losses that are kept with their history: memory grows with every step."""

from __future__ import annotations

from itertools import pairwise

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST_LOOKS = 3

SHARE = 0.9
"""Of the steps between two looks that must be held after the second."""


def check(facts: Facts) -> str | None:
    """Say of how many steps all that was computed is still held."""
    held = sorted(facts.held.items())
    if len(held) < LEAST_LOOKS:
        return None
    if any(after - before < SHARE * (then - now) for (now, before), (then, after) in pairwise(held)):
        return None
    return f"At step {held[-1][0]} all that was computed in {held[-1][1]} of the steps before was still in memory."


RULE = Rule(
    id="R008",
    title="History is kept from step to step",
    severity="warning",
    causes=(("C8", 1.0),),
    why="Every loss that is added up or collected as a tensor keeps its whole computation in memory.",
    advice="Keep `loss.item()` or `loss.detach()`, and detach states that are carried from batch to batch.",
    source="fault-C8",
    inject="Write `total = total + loss` and never detach.",
    check=check,
    is_aside=True,
)
