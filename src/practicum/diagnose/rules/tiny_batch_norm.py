"""Batch normalisation over a handful of examples."""

from __future__ import annotations

from torch import nn

from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

FEW = 8
"""Examples of a minibatch."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how many examples the statistics are taken of."""
    model = facts.trained.model if facts.trained else None
    if model is None or not 0 < facts.batch_size < FEW or facts.num_steps < FEW:
        return None
    count = sum(isinstance(one, nn.modules.batchnorm._BatchNorm) for one in model.modules())
    if not count:
        return None
    lacks = shortfall(facts)
    return Evidence(
        f"{count} batch normalisations take mean and variance of {facts.batch_size} examples."
        + (f" {lacks}" if lacks else "")
    )


RULE = Rule(
    id="R044",
    title="Batch normalisation of tiny batches",
    severity="warning",
    causes=(("A13", 0.85), ("O8", 0.1)),
    why="Statistics of a handful are noise in training, and in evaluation others take their place.",
    advice="Use batches of 16 or more, or layer or group normalisation.",
    source="fault-A13",
    inject="Train with batch normalisation and batches of two.",
    check=check,
)
