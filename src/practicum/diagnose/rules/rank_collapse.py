"""Hidden outputs that vary in ever fewer directions, as weights shrink."""

from __future__ import annotations

import math

from practicum.diagnose.derived.gains import gains_of
from practicum.diagnose.derived.moved import moved_of
from practicum.diagnose.derived.passes import Layer, now_pass, start_pass
from practicum.diagnose.derived.shortfall import loss_left, shortfall
from practicum.diagnose.rules import alike_units
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

LEFT = 0.3
"""Of the directions, geometric mean over hidden layers, now over then."""

SHRUNK = 0.75
"""Size of hidden weights, geometric mean, now over then: where they do not shrink, few directions are enough."""

UNLEARNED = 0.1
"""Share of the best constant's loss that training rows have left at least: with less, few directions are enough."""

FEWEST = 8
"""Units of a layer whose directions are counted."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how many directions are left, and what became of the weights; of those before a norm the size is free."""
    pairs, moved = _pairs(facts), moved_of(facts)
    if not pairs or len(moved) < 2 or gains_of(facts) is None or alike_units.alike_before(facts):
        return None
    left = _mean([now.rank / then.rank for then, now in pairs])
    size = _mean([one.size for one in moved[:-1]])
    if left > LEFT or size > SHRUNK:
        return None
    unlearned = loss_left(facts)
    if unlearned is not None and unlearned < UNLEARNED:
        return None
    then, now = min(pairs, key=lambda pair: pair[1].rank / pair[1].num_units)
    lacks = shortfall(facts)
    top = moved[-1].size
    return Evidence(
        f"The outputs of `{now.name}` vary in {now.rank:.2g} directions of {now.num_units}, before the first step in "
        f"{then.rank:.2g}; over all hidden layers {left:.0%} are left. Hidden weights have {size:.2g} of their size "
        f"then, those of the last layer {top:.2g}." + (f" {lacks}" if lacks else ""),
        causes=(("A14", 0.55), ("O11", 0.4)) if top > 1 else (("O11", 0.6), ("A14", 0.35)),
    )


def _pairs(facts: Facts) -> list[tuple[Layer, Layer]]:
    """Return each hidden layer as it was and as it is."""
    return [
        (then, now)
        for then, now in zip(start_pass(facts), now_pass(facts), strict=False)
        if then.kind == now.kind and now.num_units >= FEWEST and then.rank > 0 and now.rank > 0
    ]


def _mean(numbers: list[float]) -> float:
    """Return the geometric mean."""
    return math.exp(sum(math.log(max(one, 1e-9)) for one in numbers) / len(numbers))


RULE = Rule(
    id="R045",
    title="Hidden outputs collapse",
    severity="warning",
    causes=(("A14", 0.55), ("O11", 0.4)),
    why="What varies in a few directions only tells few examples apart.",
    advice="Divide weight decay by 10, lower the rate, or normalise between layers.",
    source="fault-A14",
    inject="Let Adam decay all weights by 0.1.",
    check=check,
)
