"""Tanh or sigmoid units that began at their ends, where they are flat."""

from __future__ import annotations

import math

from practicum.diagnose.derived.passes import Layer, now_pass, start_pass
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

FLAT = 0.15
"""Median over a layer's units of their mean slope, beside the largest: below, the layer is saturated."""

FLAT_LACKING = 0.3
"""The same where the network lacks something."""

LARGE_INPUT = 10.0
"""Root mean square of the network's inputs above which they are to blame."""


def check(facts: Facts) -> str | Evidence | None:
    """Say which layer is flattest, at the start and now."""
    layers = start_pass(facts)
    start, now = _flattest(layers), _flattest(now_pass(facts))
    if start is None or now is None or start.slope > FLAT_LACKING or now.slope > FLAT_LACKING:
        return None
    lacks = shortfall(facts)
    if start.slope > FLAT and lacks is None:
        return None
    large = layers[0].input_rms > LARGE_INPUT
    return Evidence(
        f"The units of `{start.name}` had {start.slope:.0%} of their largest slope before the first step, those of "
        f"`{now.name}` have {now.slope:.0%} now; what goes into the network has size {layers[0].input_rms:.2g}."
        + (f" {lacks}" if lacks else ""),
        causes=(("D1", 0.6), ("A7", 0.35)) if large else (("A7", 0.8), ("A3", 0.15)),
        advice="Scale the inputs to a deviation of 1." if large else None,
    )


def _flattest(layers: tuple[Layer, ...]) -> Layer | None:
    known = [one for one in layers[:-1] if not math.isnan(one.slope)]
    return min(known, key=lambda one: one.slope, default=None)


RULE = Rule(
    id="R041",
    title="Saturated units",
    severity="warning",
    causes=(("A7", 0.8), ("A3", 0.15)),
    why="A unit at its end has no slope: what is below it hardly learns.",
    advice="Draw smaller weights, ±√(6 / (inputs + outputs)) for tanh and 4 times that for "
    "sigmoids, and scale the inputs "
    "to a deviation of 1.",
    source="4.2-11, 6.1-05, fault-A7",
    inject="Multiply the weights of tanh layers by 15.",
    check=check,
)
