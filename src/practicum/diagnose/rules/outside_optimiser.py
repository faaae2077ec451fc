"""Parameters with gradients that no optimiser moves."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 3


def check(facts: Facts) -> str | None:
    """Say which parameters have a gradient but belong to no optimiser, or do not move."""
    if facts.num_updates >= LEAST and facts.outside:
        return (
            f"{len(facts.outside)} of {facts.num_trainable} trainable parameters get a gradient but belong to no "
            f"optimiser that is watched: {listed(facts.outside)}."
        )
    still = [name for name, count in facts.unmoved.items() if count >= max(LEAST, facts.moves_watched[name])]
    if still:
        return (
            f"{len(still)} of {facts.num_trainable} trainable parameters had a gradient and did not move in "
            f"{max(facts.moves_watched[name] for name in still)} updates: {listed(still)}."
        )
    return None


RULE = Rule(
    id="R010",
    title="Parameters that no optimiser moves",
    severity="critical",
    causes=(("A11", 0.9), ("O2", 0.1)),
    why="A layer that was made or replaced after the optimiser is not trained.",
    advice="Make the optimiser after the model is complete, or add the parameters by `add_param_group`; a learning "
    "rate of 0 does the same.",
    source="fault-A11",
    inject="Replace the last layer after the optimiser was made.",
    check=check,
)
