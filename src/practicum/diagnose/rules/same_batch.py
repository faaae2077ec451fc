"""The same minibatch at every step, while there are more rows."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 10
"""Training batches that are all the same before it is said."""


def check(facts: Facts) -> str | None:
    """Say that all training batches were one, and smaller than what the model was validated on."""
    batches = facts.batches
    if len(batches) < LEAST or len(set(batches)) > 1 or facts.looked_rows <= facts.batch_size:
        return None
    return (
        f"All {len(batches)} training batches held the same {facts.batch_size} rows, while "
        f"{facts.looked_rows:,} rows were validated on."
    )


RULE = Rule(
    id="R006",
    title="The same minibatch at every step",
    severity="critical",
    causes=(("C6", 1.0),),
    why="The network learns a few rows by heart and never sees the others.",
    advice="Iterate over the loader (`for batch in loader`) instead of `next(iter(loader))` at each step.",
    source="fault-C6",
    inject="Take `next(iter(loader))` of an unshuffled loader at each step.",
    check=check,
)
