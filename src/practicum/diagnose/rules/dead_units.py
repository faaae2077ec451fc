"""Rectifiers that never fire: no gradient reaches what is below them."""

from __future__ import annotations

import math

from practicum.diagnose.derived.passes import Layer, now_pass, start_pass
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules import alike_units, small_start
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

DEAD = 0.5
"""Share of a layer's units."""

MOST_DEAD = 0.9
"""The same, from which on it is critical."""


def worst(layers: tuple[Layer, ...]) -> Layer | None:
    """Return the layer of rectifiers with the largest share of dead units."""
    known = [one for one in layers if not math.isnan(one.dead) and math.isfinite(one.input_rms)]
    return max(known, key=lambda one: one.dead, default=None)


def check(facts: Facts) -> str | Evidence | None:
    """Say which layer has most dead units, and since when."""
    start, now = worst(start_pass(facts)), worst(now_pass(facts))
    if now is None or now.dead <= DEAD or now.num_examples < 64:
        return None
    if alike_units.alike_before(facts) or small_start.check(facts) is not None:
        return None
    lacks = shortfall(facts)
    seen = f"{now.dead:.0%} of the units of `{now.name}` fire for none of {now.num_examples} examples"
    if start is not None and start.dead > DEAD:
        return Evidence(
            f"{seen}; before the first step it was {start.dead:.0%} of `{start.name}`."
            + (f" {lacks}" if lacks else ""),
            severity="critical" if lacks and now.dead > MOST_DEAD else "warning",
        )
    if lacks is None:
        return None
    return Evidence(
        f"{seen}; before the first step they did. {lacks}",
        severity="info",
        causes=(("A6", 0.4), ("O1", 0.4), ("O11", 0.1)),
        advice="Lower the rate: large steps threw them there. Then draw anew.",
    )


RULE = Rule(
    id="R040",
    title="Dead units",
    severity="critical",
    causes=(("A6", 0.9),),
    why="A rectifier that is off for all examples passes no gradient, so that it stays off.",
    advice="Start biases at 0 or slightly above and weights at ±√(12 / (inputs + outputs)), lower "
    "the rate, or use leaky "
    "rectifiers.",
    source="4.2-11, fault-A6",
    inject="Start biases at -5.",
    check=check,
)
