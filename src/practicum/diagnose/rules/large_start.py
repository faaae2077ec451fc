"""Weights that were drawn too large: outputs begin far off, and what was drawn outweighs what is learned."""

from __future__ import annotations

from practicum.diagnose.derived.gains import gains_of
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules import alike_units, exploding
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

GAIN = 1.9
"""Of a layer, geometric mean: above, weights are too large; a sound start has 1.4 at most."""


def check(facts: Facts) -> str | Evidence | None:
    """Say by how much each layer enlarges what it is given."""
    gains = gains_of(facts)
    if gains is None or not gains.gain > GAIN or gains.squashing:
        return None
    if alike_units.alike_before(facts) or exploding.grows(gains):
        return None
    lacks = shortfall(facts)
    seen = (
        f"Before the first step each of {len(gains.gains)} hidden layers made {gains.gain:.2g} times the size of its "
        "input."
    )
    return Evidence(f"{seen} {lacks}" if lacks else seen)


RULE = Rule(
    id="R037",
    title="Weights drawn too large",
    severity="warning",
    causes=(("A3", 0.85), ("A5", 0.1)),
    why="The output begins far from anything, and steps that suit a sound start hardly change such weights.",
    advice="Draw weights from ±√(6 / (inputs + outputs)) for tanh, 4 times that for sigmoids, √2 times for rectifiers; "
    "or normalise between layers.",
    source="6.1-05, fault-A3",
    inject="Multiply the weights of the hidden layers by 10.",
    check=check,
)
