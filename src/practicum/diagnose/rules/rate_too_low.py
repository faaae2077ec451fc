"""A learning rate that is too low: a few steps of a higher one get further than the whole run."""

from __future__ import annotations

from practicum.diagnose.derived.ends_well import has_learned
from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.paces import paces_of
from practicum.diagnose.derived.rates import too_slow
from practicum.diagnose.rules import hard_clipping, idle_layers
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

LEARNED = 0.6
"""Of the way from a constant to perfect: a network that came so far learns slowly, but it does."""

HELD_UP = 0.5
"""Share of numbers whose rate ε holds up, beyond which that is to blame, not the rate."""


def check(facts: Facts) -> Evidence | None:
    """Say how far higher rates get, where steps are small."""
    paces = paces_of(facts)
    if paces is None or is_explained(facts) or paces.epsilon > HELD_UP:
        return None
    found = too_slow(facts)
    if found is None or any(other.check(facts) is not None for other in (hard_clipping, idle_layers)):
        return None
    return Evidence(
        f"The learning rate is too low: steps are {paces.early_update:.1e} of the weights, and {found.text}.",
        severity="info" if has_learned(facts, LEARNED) else None,
    )


RULE = Rule(
    id="R056",
    title="The learning rate is too low",
    severity="warning",
    causes=(("O2", 0.9), ("A4", 0.1)),
    why="The weights hardly leave where they began; the run ends long before it has learned.",
    advice="Multiply the learning rate by 10, more than once if it helps, until the loss falls quickly; then go back "
    "by a third where it swings.",
    source="fault-O2",
    inject="Divide the learning rate by 100 to 1000.",
    check=check,
)
