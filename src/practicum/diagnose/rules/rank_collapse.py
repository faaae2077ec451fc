"""Hidden outputs that vary in ever fewer directions."""

from __future__ import annotations

import math

from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.derived.passes import now_pass, start_pass
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules import alike_units, dead_units, over_fitting, small_start, vanishing
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

LEFT = 0.3
"""Of the directions, geometric mean over hidden layers, now over then."""

FEW = 0.1
"""Directions beside units, in the poorest layer."""

KNOWN = 0.9
"""Of the way from a constant to perfect, that training rows have come: with more, hidden outputs need no directions."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how many directions are left."""
    pairs = [
        (then, now)
        for then, now in zip(start_pass(facts), now_pass(facts), strict=False)
        if then.kind == now.kind
        and now.num_units >= 8
        and not math.isnan(then.rank)
        and not math.isnan(now.rank)
    ]
    if not pairs:
        return None
    left = math.exp(sum(math.log(now.rank / then.rank) for then, now in pairs) / len(pairs))
    then, now = min(pairs, key=lambda pair: pair[1].rank / pair[1].num_units)
    if left > LEFT or now.rank / now.num_units > FEW:
        return None
    lacks = shortfall(facts)
    learned = learned_of(facts)
    if learned is not None and learned.train > KNOWN:
        return None
    others = (alike_units, small_start, dead_units, vanishing, over_fitting)
    if lacks is None or any(other.check(facts) for other in others):
        return None
    decays = any(one.weight_decay > 0 for look in facts.looks[-1:] for one in look.settings)
    return Evidence(
        f"The outputs of `{now.name}` vary in {now.rank:.2g} directions of {now.num_units}, before the first step in "
        f"{then.rank:.2g}; over all hidden layers {left:.0%} are left. {lacks}",
        causes=(("A14", 0.55), ("O11", 0.4)) if decays else (("A14", 0.6), ("O1", 0.3)),
    )


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
