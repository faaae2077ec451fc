"""A hidden layer of hardly any units: whatever the others do, next to nothing gets through."""

from __future__ import annotations

from practicum.diagnose.derived.outputs import train_outputs
from practicum.diagnose.derived.shortfall import loss_is_left, loss_left, shortfall
from practicum.diagnose.derived.widths import narrowest
from practicum.diagnose.rules import no_non_linearity
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

FEW = 4
"""Units of a hidden layer."""

LEFT = 0.1
"""Share of the best constant's loss that is left on training rows, where there are no simple models to compare."""

VERY_FEW, LEFT_OF_FEW = 3, 0.08
"""With so few units, and no more outputs than these, the same share whatever simple models do."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how narrow the narrowest hidden layer is, where the network lacks something."""
    found = narrowest(facts)
    if found is None or found.num_units > FEW:
        return None
    lacks = shortfall(facts) or loss_is_left(facts, LEFT) or _unlearned(facts, found.num_units)
    if lacks is None or no_non_linearity.check(facts) is not None:
        return None
    return Evidence(
        f"All that reaches the output goes through {found.num_units} units of `{found.name}`, which are given "
        f"{found.num_inputs}. {lacks}"
    )


def _unlearned(facts: Facts, num_units: int) -> str | None:
    """Return how much training rows have left, where outputs are no more than the units: it is no code then."""
    outputs, left = train_outputs(facts), loss_left(facts)
    if outputs is None or left is None or left < LEFT_OF_FEW or num_units > VERY_FEW:
        return None
    if outputs.outputs[0].numel() > num_units:
        return None
    return f"On training rows {left:.0%} of the best constant's loss are left."


RULE = Rule(
    id="R043",
    title="A bottleneck",
    severity="warning",
    causes=(("A9", 0.85), ("E2", 0.1)),
    why="What a narrow layer does not let through, no later layer can use.",
    advice="Make hidden layers wider than needed, and regularise.",
    source="4.1-06, fault-A9",
    inject="Give the last hidden layer two units.",
    check=check,
)
