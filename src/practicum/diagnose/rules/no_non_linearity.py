"""Layers of weights one upon the other with nothing but linear operations between: together they are one."""

from __future__ import annotations

from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.derived.structure import structure_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | Evidence | None:
    """Say how many layers take another's output as it is: all of them, or some in a network that lacks something."""
    structure = structure_of(facts)
    if structure is None or not structure.pooled:
        return None
    lacks = shortfall(facts)
    if structure.bare < structure.pooled == structure.num_layers - 1:
        return Evidence(
            f"Between {structure.num_layers} layers of weights there is no non-linearity but pooling."
            + (f" {lacks}" if lacks else "")
        )
    if not structure.bare:
        return None
    whole = structure.bare == structure.num_layers - 1
    if not whole and lacks is None:
        return None
    return Evidence(
        f"{structure.bare} of {structure.num_layers} layers of weights take the output of another with no "
        "non-linearity between"
        + (": the network is one linear map." if whole else ".")
        + (f" {lacks}" if lacks else "")
    )


RULE = Rule(
    id="R042",
    title="No non-linearity between layers",
    severity="warning",
    causes=(("A8", 0.9), ("E2", 0.05)),
    why="A linear map of a linear map is a linear map: the layers between add nothing.",
    advice="Put a rectifier or a tanh between the layers.",
    source="fault-A8",
    inject="Leave the activations out.",
    check=check,
)
