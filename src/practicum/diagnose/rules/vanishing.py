"""Gradients that vanish on their way down, though weights are not small."""

from __future__ import annotations

from practicum.diagnose.derived.gains import gains_of
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules import alike_units, small_start
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

VANISHED = 1e-3
"""Gradient in the first layer over that in the last, below which nothing arrives below."""

GONE = 1e-5
"""The same, where it is said though the network lacks nothing in the end: it has waited long."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how much of the gradient reached the first layer."""
    gains = gains_of(facts)
    if gains is None or not 0 < gains.gradient_ratio < VANISHED:
        return None
    lacks = shortfall(facts)
    if lacks is None and gains.gradient_ratio > GONE:
        return None
    if small_start.check(facts) is not None or alike_units.alike_before(facts):
        return None
    kind = "tanh or sigmoid" if gains.squashing else "linear or rectified"
    return Evidence(
        f"Before the first step the gradient in the first of {gains.num_layers} layers was "
        f"{gains.gradient_ratio:.2g} of that in the last; the units between are {kind}."
        + (f" {lacks}" if lacks else ""),
        severity="critical" if lacks else "warning",
        causes=(("A4", 0.85), ("A7", 0.05)) if gains.squashing else (("A4", 0.6), ("A2", 0.3)),
    )


RULE = Rule(
    id="R038",
    title="Vanishing gradient",
    severity="critical",
    causes=(("A4", 0.8), ("A2", 0.1)),
    why="Lower layers do not learn where next to nothing of the gradient reaches them.",
    advice="Use rectifiers or tanh in place of sigmoids, fewer layers, normalisation, or connections that skip layers; "
    "or train layer by layer first.",
    source="6.1-05, fault-A4",
    inject="Stack nine layers of sigmoid units.",
    check=check,
)
