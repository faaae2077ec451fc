"""Weights that were drawn too small: from layer to layer less is left of what differs between examples."""

from __future__ import annotations

from practicum.diagnose.derived.gains import Gains, gains_of
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules import alike_units
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

GAIN = 0.44
"""Of a layer, geometric mean: below, weights are too small; PyTorch's own make .5 to .6 of a rectifier's input."""

SHRUNK = 0.03
"""Of the spread, last layer's over first's: only below is it said at all."""


def shrinks(gains: Gains | None) -> bool:
    """Return whether the signal dies out since weights are small."""
    return gains is not None and gains.gain < GAIN and gains.shrinking < SHRUNK


def check(facts: Facts) -> str | Evidence | None:
    """Say by how much each layer shrinks what it is given."""
    gains = gains_of(facts)
    if gains is None or not shrinks(gains) or alike_units.alike_before(facts):
        return None
    lacks = shortfall(facts)
    seen = (
        f"Before the first step each of {len(gains.gains)} hidden layers made {gains.gain:.2g} of the size of its "
        f"input, and what differs between examples was {gains.shrinking:.2g} in the last layer of what it was in the "
        f"first."
    )
    return Evidence(f"{seen} {lacks}" if lacks else seen)


RULE = Rule(
    id="R036",
    title="Weights drawn too small",
    severity="warning",
    causes=(("A2", 0.85), ("A4", 0.1)),
    why="The signal dies out on its way up and the gradient on its way down; the network waits before it learns, or "
    "never does.",
    advice="Draw weights from ±√(6 / (inputs + outputs)) for tanh, 4 times that for sigmoids, √2 times for rectifiers; "
    "or normalise between layers.",
    source="6.1-05, fault-A2",
    inject="Multiply the weights of the hidden layers by 0.1.",
    check=check,
)
