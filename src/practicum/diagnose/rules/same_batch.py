"""The same minibatch at every step, while there are more rows."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 10
"""Training batches that are all the same before it is said."""

LARGER = 3
"""How many times more rows must be validated on than the batch has: else the batch may be all there is."""


def check(facts: Facts) -> str | None:
    """Say that all training batches were one, and much smaller than what the model was validated on."""
    batches = facts.batches
    if len(batches) < LEAST or len(set(batches)) > 1 or facts.looked_rows < LARGER * facts.batch_size:
        return None
    return (
        f"All {len(batches)} training batches held the same {facts.batch_size} rows, while {facts.looked_rows:,} rows "
        "were looked at without gradients."
    )


RULE = Rule(
    id="R006",
    title="The same minibatch at every step",
    severity="warning",
    causes=(("C6", 1.0),),
    why="The network learns a few rows by heart and never sees the others.",
    advice="Iterate over the loader (`for batch in loader`) instead of `next(iter(loader))` at each step.",
    source="fault-C6",
    inject="Take `next(iter(loader))` of an unshuffled loader at each step.",
    check=check,
)
