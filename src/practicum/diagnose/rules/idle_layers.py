"""Lower layers that hardly move while those above learn."""

from __future__ import annotations

from practicum.diagnose.derived.ends_well import ends_well, has_learned
from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.gains import gains_of
from practicum.diagnose.derived.moved import moved_of
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules import alike_units, dead_units, large_start, vanishing
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

IDLE, BUSY = 0.015, 0.05
"""Distance from the start, beside the weights' size: of layers that are idle, and of one that is not."""

LEARNED = 0.8
"""Of the way from a constant to perfect: a network that came so far, and as far as simple models, misses nothing."""

BEHIND = 0.03
"""Distance of an idle layer over that of the busiest."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how far the idlest lower layer has moved, and how far the busiest above it."""
    moved = [one for one in moved_of(facts) if facts.never_reached[one.name] == 0]
    if len(moved) < 2 or is_explained(facts):
        return None
    top = max(moved[1:], key=lambda one: one.distance)
    place = moved.index(top)
    lower = min(moved[:place], key=lambda one: one.distance)
    if top.distance < BUSY or lower.distance > IDLE or lower.distance > BEHIND * top.distance:
        return None
    gains = gains_of(facts)
    if gains is not None and gains.gain > large_start.GAIN:
        return None
    vanished = gains is not None and 0 < gains.gradient_ratio < vanishing.VANISHED
    if vanished or alike_units.alike_before(facts) or dead_units.check(facts) is not None:
        return None
    rates = {one.learning_rate for look in facts.looks[-1:] for one in look.settings if one.learning_rate > 0}
    apart = f" Rates lie between {min(rates):.2g} and {max(rates):.2g}." if len(rates) > 1 else ""
    lacks = shortfall(facts)
    enough = ends_well(facts) and has_learned(facts, LEARNED)
    return Evidence(
        f"`{lower.name}` has moved by {lower.distance:.2g} of its size since the start, `{top.name}` by "
        f"{top.distance:.2g}.{apart}" + (f" {lacks}" if lacks else ""),
        severity="info" if enough else None,
    )


RULE = Rule(
    id="R047",
    title="Idle lower layers",
    severity="warning",
    causes=(("A16", 0.85), ("O2", 0.05)),
    why="The top layer then learns by heart from features that were drawn by chance.",
    advice="Give lower layers the rate of those above; if they are pre-trained and meant to rest, "
    "freeze them and say so "
    "by `requires_grad_(False)`.",
    source="4.1-09, fault-A16",
    inject="Give all layers but the last a rate 10,000 times smaller.",
    check=check,
)
