"""Rate and momentum that together make the loss swing."""

from __future__ import annotations

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.rates import momentum_of, too_fast
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> Evidence | None:
    """Say how far a lower rate gets, where less momentum alone would not do."""
    if is_explained(facts):
        return None
    found = too_fast(facts)
    if found is None or found.kind != "both":
        return None
    return Evidence(
        f"Rate and momentum ({momentum_of(facts):g}) together take steps that overshoot: {found.text}."
    )


RULE = Rule(
    id="R057",
    title="Rate and momentum swing",
    severity="warning",
    causes=(("O3", 0.7), ("O1", 0.2), ("O9", 0.1)),
    why="Momentum adds up steps that are too long already: the weights swing from wall to wall of the valley.",
    advice="Divide the learning rate by 10 and set momentum to 0.9; or take larger minibatches.",
    source="fault-O3",
    inject="Multiply the learning rate by 3 to 10 and set momentum to 0.98.",
    check=check,
)
