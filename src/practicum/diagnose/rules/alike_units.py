"""Units that were drawn alike, and get the same gradient: they stay one unit for ever."""

from __future__ import annotations

from practicum.core.finding import Finding
from practicum.diagnose.derived.before import found_before
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def alike_before(facts: Facts) -> tuple[Finding, ...]:
    """Return the layers that began with units alike and with gradients alike."""
    return tuple(
        one for one in found_before(facts) if one.severity == "critical" and one.causes[0][0] == "A1"
    )


def check(facts: Facts) -> str | None:
    """Say which layer began with units alike."""
    found = alike_before(facts)
    if not found:
        return None
    more = f" So it is in {len(found)} layers." if len(found) > 1 else ""
    return f"Before the first step, {found[0].evidence}{more}"


RULE = Rule(
    id="R035",
    title="Units drawn alike",
    severity="critical",
    causes=(("A1", 0.95),),
    why="Units with the same weights and the same gradient stay the same: a layer of them is as wide as one.",
    advice="Draw the weights at random, as PyTorch does unasked; only biases may start alike.",
    source="6.1-05, fault-A1",
    inject="Set all weights of a layer to one number.",
    check=check,
)
