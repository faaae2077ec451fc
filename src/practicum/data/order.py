"""Notice rows sorted by label: batches taken in file order would then show one class after another [2.1-10]."""

from __future__ import annotations

import numpy as np
import polars as pl

SORTED_AGREEMENT = 0.5  # of the way from chance to all neighbours alike
MIN_DEVIATIONS = 5.0  # beyond chance, so that a small table does not alarm
_CORRELATION = 0.9


def order_note(target: pl.Series, *, is_label: bool) -> str | None:
    """Return a sentence if neighbouring rows share their target far more often than by chance.

    Args:
        target: labels or numbers in file order, missing ones left out.
        is_label: whether equality counts (labels) or closeness (numbers).

    Source:
        Bengio 2012, 2.1-10.

    Example:
        >>> order_note(pl.Series("y", ["a"] * 50 + ["b"] * 50), is_label=True)
        'The rows are sorted by "y", so they are shuffled before training.'
    """
    if len(target) < 3:
        return None
    if not is_label:
        return _number_note(target)
    same = (target == target.shift(1))[1:]
    agreement = float(same.mean() or 0.0)  # type: ignore[arg-type]
    fractions = target.value_counts()["count"].to_numpy() / len(target)
    chance = float(np.sum(fractions**2))
    if int((~same).sum()) == len(fractions) - 1 and len(target) >= 10:
        return _said(target.name)
    spread = np.sqrt(chance * (1 - chance) / len(same))
    far = agreement - chance > max(SORTED_AGREEMENT * (1 - chance), MIN_DEVIATIONS * spread)
    if not far:
        return None
    return (
        f'Neighbouring rows share their "{target.name}" in {agreement:.0%} of cases ({chance:.0%} by chance): the'
        " file is sorted or in order of time. Rows are shuffled before training; if they are in order of time and"
        " you will predict the future, split by time."
    )


def _number_note(target: pl.Series) -> str | None:
    values = target.cast(pl.Float64).to_numpy()
    steps = np.diff(values)
    if values.size >= 10 and ((steps >= 0).all() or (steps <= 0).all()):
        return _said(target.name)
    deviations = values - values.mean()
    variance = float(np.mean(deviations * deviations))
    if variance <= 0 or not np.isfinite(variance):
        return None
    correlation = float(np.mean(deviations[1:] * deviations[:-1])) / variance
    if correlation <= max(_CORRELATION, MIN_DEVIATIONS / np.sqrt(values.size)):
        return None
    return (
        f'Neighbouring rows have much the same "{target.name}" (correlation {correlation:.2f}): the file is sorted'
        " or in order of time. Rows are shuffled before training; if they are in order of time and you will"
        " predict the future, split by time."
    )


def _said(name: str) -> str:
    return f'The rows are sorted by "{name}", so they are shuffled before training.'
