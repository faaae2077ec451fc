"""Minibatches that come several times over: workers or epochs that draw the same random numbers."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 24
NEAR = 16
"""How many batches back a copy is looked for: as many workers as anybody has."""

SHARE = 0.3
"""Of batches that are copies of one shortly before; with two workers that draw alike it is a half."""


def check(facts: Facts) -> str | None:
    """Say how many batches were copies of one shortly before, among others that were not."""
    batches = facts.batches
    different = len(set(batches))
    if len(batches) < LEAST or different <= NEAR:
        return None
    copies = sum(batches[k] in batches[max(0, k - NEAR) : k] for k in range(len(batches)))
    if copies < SHARE * len(batches):
        return None
    return f"{copies} of {len(batches)} training batches are copies of one at most {NEAR} batches before."


RULE = Rule(
    id="R007",
    title="Batches come several times over",
    severity="warning",
    causes=(("C7", 0.9), ("C6", 0.1)),
    why="Workers that draw the same random numbers give the same augmented rows: fewer examples than it seems.",
    advice="Seed each worker differently (`worker_init_fn`), or draw by PyTorch's generator instead of NumPy's.",
    source="fault-C7",
    inject="Let each of two workers draw its batch from a generator of the same seed.",
    check=check,
)
