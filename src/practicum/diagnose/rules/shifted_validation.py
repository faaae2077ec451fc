"""Validation inputs that are scaled otherwise than those of training, or come from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from practicum.checks.columns import Array
from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.diagnose.rules.sorted_batches import check as sorted_by_target
from practicum.monitor.facts import Facts

SHIFTED = 0.5
"""Deviations by which a column's middle moves, before that is said."""

STRETCHED = 1.5
"""Factor by which its spread changes, likewise."""

SURE = 6.0
"""Standard errors that a shift or a stretch must be, since there are many columns."""

SHARE = 0.3
"""Of the columns: from here on they are scaled otherwise, below it some come from elsewhere."""

FEW = 0.1
"""Of the columns: fewer are chance, or a few columns of rare values, and worth knowing alone."""

VARIED = 0.3
"""Different values in a column, as a share of its rows, from which its quartiles are compared."""

MOST_ROWS, MOST_ENTRIES, LEAST_ROWS = 1000, 2000, 20
"""Rows of each part, entries of each row, and rows below which nothing is said."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how many inputs lie elsewhere in validation than in training, and how far."""
    rows = rows_of(facts)
    if rows is None or rows.valid_x is None or rows.valid_x.shape[1:] != rows.x.shape[1:]:
        return None
    if not rows.x.is_floating_point() or min(len(rows.valid_x), len(rows.x)) < LEAST_ROWS:
        return None
    train, valid = (
        one.double().reshape(len(one), -1).numpy()[:MOST_ROWS, :MOST_ENTRIES]
        for one in (rows.x, rows.valid_x)
    )
    if not (np.isfinite(train).all() and np.isfinite(valid).all()) or sorted_by_target(facts) is not None:
        return None
    moved, stretched = _differences(train, valid)
    count, num = int(((moved > 0) | (stretched > 0)).sum()), len(moved)
    if count == 0:
        return None
    far = f"the middle by up to {moved.max():.2g} deviations" if moved.any() else ""
    wide = f"the spread by a factor of up to {stretched.max():.2g}" if stretched.any() else ""
    how = " and ".join(filter(None, (far, wide)))
    text = f"In validation {count} of {num} inputs lie elsewhere than in training: {how}."
    if not moved.any() and float(stretched.max(initial=0.0)) > 0 and _is_narrower(train, valid):
        return Evidence(f"{text} Noise that is added in training alone does that.", severity="info")
    share = count / num
    return Evidence(text, severity="critical" if share >= SHARE else "warning" if share >= FEW else "info")


def _is_narrower(train: Array, valid: Array) -> bool:
    return float(valid.std(0).mean()) < float(train.std(0).mean())


def _differences(train: Array, valid: Array) -> tuple[Array, Array]:
    """Return by how many deviations each column moved, and by what factor its spread changed; 0 where unsure."""
    middle, spread = _place(train)
    valid_middle, valid_spread = _place(valid)
    use = (spread > 0) & (valid_spread > 0) & _many_valued(train) & _many_valued(valid)
    error = 1.25 * math.sqrt(1 / len(train) + 1 / len(valid))
    if not use.any():  # of pixels and counts, quartiles of one say nothing
        use, spread, valid_spread = (np.ones(1, bool), *(one.std(keepdims=True)[0] for one in (train, valid)))
        middle, valid_middle = (one.mean(keepdims=True)[0] for one in (train, valid))
        if not (spread > 0 and valid_spread > 0):
            return np.zeros(1), np.zeros(1)
    moved = np.abs(valid_middle - middle)[use] / np.maximum(spread, valid_spread)[use]
    factor = np.exp(np.abs(np.log(valid_spread[use] / spread[use])))
    moved[(moved < SHIFTED) | (moved < SURE * error)] = 0.0
    factor[(factor < STRETCHED) | (np.log(factor) < SURE * error)] = 0.0
    return moved, factor


def _many_valued(values: Array) -> npt.NDArray[np.bool_]:
    """Return which columns hold many different values, as measures do and counts do not."""
    ordered = np.sort(values, axis=0)
    return np.asarray((np.diff(ordered, axis=0) > 0).sum(0) >= VARIED * len(values))


def _place(values: Array) -> tuple[Array, Array]:
    """Return the middle of each column, and its spread by the quartiles."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), axis=0)
    return middle, (high - low) / 1.35


RULE = Rule(
    id="R022",
    title="Validation inputs lie elsewhere",
    severity="critical",
    causes=(("D10", 0.9),),
    why="A network is only good where it has seen rows; scaled otherwise, the same row is another to it.",
    advice="Fit the scaling on training rows alone and apply it to all parts; else look which column moved and why.",
    source="fault-D10",
    inject="Scale validation rows by other numbers than training rows.",
    check=check,
)
