"""Signals and gradients that grow from layer to layer in a deep network."""

from __future__ import annotations

from practicum.diagnose.derived.gains import Gains, gains_of
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules import alike_units
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

LAYERS = 5
"""Of weights, from which on growth in each is an explosion in all."""

GAIN = 1.8
"""Of a layer, geometric mean: above, the signal grows; a sound start has 1.4 at most."""


def grows(gains: Gains | None) -> bool:
    """Return whether a deep network's signal grows from layer to layer."""
    return gains is not None and gains.num_layers >= LAYERS and not gains.squashing and gains.gain > GAIN


def check(facts: Facts) -> str | Evidence | None:
    """Say by how much the signal grows."""
    gains = gains_of(facts)
    if gains is None or not grows(gains) or alike_units.alike_before(facts):
        return None
    lacks = shortfall(facts)
    return Evidence(
        f"Before the first step what differs between examples grew {gains.hidden_growth:.2g} times over "
        f"{gains.num_layers} layers, {gains.gain:.2g} times the size of the input in each, and gradients with it."
        + (f" {lacks}" if lacks else ""),
        severity="critical" if lacks else "warning",
    )


RULE = Rule(
    id="R039",
    title="Exploding gradient",
    severity="critical",
    causes=(("A5", 0.8), ("A3", 0.15)),
    why="Steps become so large that the loss jumps or is no number any more; what rate suits one layer ruins another.",
    advice="Draw smaller weights, normalise between layers, clip gradients at about the nine-tenths quantile of their "
    "norms, and lower the rate.",
    source="6.1-05, fault-A5",
    inject="Stack twelve layers whose weights are twice as large as they should be.",
    check=check,
)
