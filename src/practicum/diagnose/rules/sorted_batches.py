"""Batches whose rows have like targets: nobody shuffled."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from practicum.checks.forests import Array
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST_BATCHES, LEAST_DIFFERENT, LEAST_ROWS = 8, 4, 100
"""Batches, different ones, and rows of all, below which nothing is said."""

SHARE = 0.4
"""Of the targets' variance that lies between batches, beyond what chance puts there."""

SERIAL = 0.5
"""Correlation of successive targets, where batches are too small to hold several."""


def check(facts: Facts) -> str | None:
    """Say how much of the targets' variance lies between batches, and how much would if they were shuffled."""
    given = [(x, y) for x, y in facts.sample.first.batches if y is not None and len(y)]
    batches = [y for _, y in given]
    different = len({x[0].numpy().tobytes() for x, _ in given})
    if len(batches) < LEAST_BATCHES or different < LEAST_DIFFERENT or sum(map(len, batches)) < LEAST_ROWS:
        return None
    codes = _codes(batches)
    if codes is None:
        return None
    sizes = [len(y) for y in batches]
    if min(sizes[:-1]) < 4:
        serial = _serial(codes)
        if serial < SERIAL:
            return None
        return f"The target of a training row goes with that of the row before (correlation {serial:.2f}; shuffled, 0)."
    between, expected = _between(codes, sizes)
    if (between - expected) / (1 - expected) < SHARE:
        return None
    return (
        f"{between:.0%} of the variance of the targets lies between training batches; in shuffled ones it would be "
        f"{expected:.0%}."
    )


def _codes(batches: list[Tensor]) -> Array | None:
    """Return targets as columns of numbers, (N, C): one a class, or a row's mean; None if all are one."""
    flat = np.concatenate([y.reshape(len(y), -1).double().numpy() for y in batches])
    whole = all(not y.is_floating_point() for y in batches)
    values = flat.mean(1)
    if whole and flat.shape[1] == 1:
        classes = np.unique(values)
        if 2 <= len(classes) <= 200:
            return np.asarray(values[:, None] == classes, np.float64)
    return values[:, None] if np.isfinite(values).all() and values.std() > 0 else None


def _between(codes: Array, sizes: list[int]) -> tuple[float, float]:
    """Return the share of variance between batches, and its expectation for shuffled ones."""
    centred = codes - codes.mean(0)
    total = float((centred**2).sum())
    ends = np.cumsum(sizes)
    sums = np.add.reduceat(centred, np.r_[0, ends[:-1]], axis=0)
    between = float((sums**2 / np.asarray(sizes)[:, None]).sum())
    return between / total, (len(sizes) - 1) / (len(codes) - 1)


def _serial(codes: Array) -> float:
    """Return the correlation of successive rows' targets."""
    centred = codes - codes.mean(0)
    return float((centred[1:] * centred[:-1]).sum() / (centred**2).sum())


RULE = Rule(
    id="R023",
    title="Rows come in the order of their targets",
    severity="critical",
    causes=(("D11", 0.95),),
    why="Each batch pulls towards its own class and unlearns the others; successive gradients are no fair sample.",
    advice="Shuffle the training rows anew every epoch (`DataLoader(..., shuffle=True)`).",
    source="fault-D11, 2.1-10",
    inject="Sort the rows by target and do not shuffle.",
    check=check,
)
