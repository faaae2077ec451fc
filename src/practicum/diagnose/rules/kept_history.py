"""Losses that are kept with their history: memory grows with every step."""

from __future__ import annotations

from itertools import pairwise

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST_LOOKS = 3


def check(facts: Facts) -> str | None:
    """Say by how many operations a step the history that is kept alive grows."""
    sizes = sorted(facts.graph_sizes.items())
    if len(sizes) < LEAST_LOOKS:
        return None
    growths = [(after - before) / (then - now) for (now, before), (then, after) in pairwise(sizes)]
    if min(growths) < 1:  # an operation a step: less cannot be a history that is kept
        return None
    return (
        f"From step {sizes[0][0]} to step {sizes[-1][0]} the operations that tensors keep alive grew from "
        f"{sizes[0][1]:,} to {sizes[-1][1]:,}: {min(growths):.0f} or more with each step."
    )


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
)
