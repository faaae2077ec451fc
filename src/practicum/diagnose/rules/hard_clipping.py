"""Gradients clipped so hard that the clipping sets the step."""

from __future__ import annotations

from practicum.diagnose.derived.ends_well import has_learned
from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.helped import helped_by
from practicum.diagnose.derived.paces import paces_of
from practicum.diagnose.derived.trial import Variant
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

SHARE = 0.5
"""Of steps that are clipped, beyond which clipping is more than a safeguard."""

LEARNED = 0.85
"""Of the way from a constant to perfect: a network that came so far was not held up by much."""

LEFT = 0.3
"""Part of the gradient that is left, below which it sets the step."""


def check(facts: Facts) -> Evidence | None:
    """Say how many gradients were clipped, how much of them was left, and how far the loop gets unclipped."""
    paces = paces_of(facts)
    if paces is None or not (paces.clipped > SHARE and paces.left < LEFT) or is_explained(facts):
        return None
    helped = helped_by(facts, Variant())
    if helped is None:
        return None
    return Evidence(
        f"{paces.clipped:.0%} of gradients that were looked at are clipped, to {paces.left:.2g} of their length (to "
        f"{paces.clip:.2g} at most); {helped.text}.",
        severity="info" if has_learned(facts, LEARNED) else None,
    )


RULE = Rule(
    id="R067",
    title="Gradients are clipped too hard",
    severity="warning",
    causes=(("O13", 0.9), ("O2", 0.1)),
    why="The norm to which gradients are clipped then is the learning rate, and a low one.",
    advice="Clip at the 90th percentile of their norms; if more than half are clipped, lower the rate instead.",
    source="fault-O13",
    inject="Clip gradients to a norm of 0.001.",
    check=check,
)
