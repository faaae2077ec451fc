"""Inputs in units of their own that go to the first weights as they are."""

from __future__ import annotations

import math

import numpy as np

from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.derived.table import columns
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

LARGE = 10.0
"""Root mean square of the inputs from which they are not scaled; standardised inputs have 1."""

UNEQUAL = 100.0
"""How many times more than the median column another may spread before that is worth knowing."""

ROWS = 512


def check(facts: Facts) -> str | Evidence | None:
    """Say how large inputs are, where no norm stands before the first weights."""
    rows = rows_of(facts)
    if rows is None or not rows.x.is_floating_point() or not _goes_to_weights(facts):
        return None
    values = np.abs(rows.x[:ROWS].double().numpy().reshape(-1))
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return None
    size = math.sqrt(float((np.minimum(values, np.quantile(values, 0.99)) ** 2).mean()))
    told = _unequal(facts)
    if size >= LARGE:
        return (
            f"Inputs have a root mean square of {size:.3g} (the largest hundredth cut off) where they reach the first "
            f"weights{'' if told is None else f'; {told}'}."
        )
    return None if told is None else Evidence(f"Of the inputs, {told}.", severity="info")


def _goes_to_weights(facts: Facts) -> bool:
    """Return whether the first operation is one of weights, as far as was seen."""
    kinds = [one.kind for one in facts.looks[0].units] if facts.looks else []
    kinds = [one for one in kinds if one != "dropout"]
    return not kinds or kinds[0] not in ("norm", "embedding")


def _unequal(facts: Facts) -> str | None:
    """Return how many columns spread far more than others; None where none does."""
    x = columns(facts)
    if x is None or x.shape[1] < 3:
        return None
    low, high = np.quantile(x, (0.25, 0.75), axis=0)
    spread = (high - low)[high > low]
    if len(spread) < 3:
        return None
    far = int((spread > UNEQUAL * np.median(spread)).sum())
    return f"{far} of {x.shape[1]} columns spread more than {UNEQUAL:g} times the median one" if far else None


RULE = Rule(
    id="R014",
    title="Inputs are not scaled",
    severity="warning",
    causes=(("D1", 0.9), ("A3", 0.1)),
    why="Large inputs saturate or explode the first layer, and no learning rate fits all columns.",
    advice="Standardise each input by the training rows' mean and deviation (of pixels by those of all).",
    source="fault-D1, 3.2-41",
    inject="Leave a third of the columns in thousands.",
    check=check,
)
