"""The error against one entry at a time, the others averaged over or at their best: data for plots [3.4-03]."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from practicum.recipe.space import Entry, Log, LogInteger, LogNormal, Space
from practicum.tuning.analysis.positions import (
    Floats,
    errors_of,
    few_positions,
    numbers_of,
    positions_of,
    searched_entries,
)
from practicum.tuning.trial import Tried

NUM_BINS = 8
"""Bins of a range with more values than that, of equal width on its own scale."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Trials whose value lies in one part of a range, or is one option.

    Attributes:
        label: the option or value; of a range, e.g. "0.001 to 0.01".
        low: lowest value; ``nan`` for an option.
        high: highest value; ``nan`` for an option.
        count: trials in it.
        num_diverged: those of them without an error.
        mean: mean error of the others.
        standard_error: of that mean.
        best: lowest error.
    """

    label: str
    low: float
    high: float
    count: int
    num_diverged: int
    mean: float
    standard_error: float
    best: float


@dataclass(frozen=True, slots=True)
class Marginal:
    """All bins of one entry.

    Attributes:
        name: of the entry.
        log: whether its axis is logarithmic.
        bins: with one trial at least, in the order of the values; "off" and options last.
    """

    name: str
    log: bool
    bins: tuple[Bin, ...]

    @property
    def text(self) -> str:
        """One sentence: where the mean error is lowest."""
        known = [one for one in self.bins if math.isfinite(one.mean)]
        if not known:
            return f"No trial says what `{self.name}` does."
        best = min(known, key=lambda one: one.mean)
        spread = f" ± {best.standard_error:.2g}" if math.isfinite(best.standard_error) else ""
        return f"On average, errors are lowest with `{self.name}` {best.label}: {best.mean:.4g}{spread}."


def marginals(tried: Sequence[Tried], space: Space, num_bins: int = NUM_BINS) -> tuple[Marginal, ...]:
    """Return the mean and the lowest error in bins of each entry that was varied.

    Args:
        tried: finished trials.
        space: what was searched.
        num_bins: bins of a continuous range.

    Returns:
        One marginal an entry, in the space's order.

    Source:
        Bengio 2012, 3.4-03: average or minimum over the other hyper-parameters.

    Example:
        >>> from practicum.recipe.space import Choice, Entry, Space
        >>> space = Space((Entry("activation", Choice(("tanh", "relu"))),))
        >>> names = ("tanh", "tanh", "relu", "relu")
        >>> tried = [Tried(i, {"activation": name}, e) for i, (name, e) in enumerate(zip(names, (2, 4, 1, 2)))]
        >>> marginals(tried, space)[0].text
        'On average, errors are lowest with `activation` relu: 1.5 ± 0.5.'
    """
    errors = errors_of(tried)
    return tuple(_marginal(tried, errors, entry, num_bins) for entry in searched_entries(space, tried))


def _marginal(tried: Sequence[Tried], errors: Floats, entry: Entry, num_bins: int) -> Marginal:
    """Return the bins of one entry."""
    numbers = numbers_of(entry)
    bins: list[Bin] = []
    loose = np.ones(len(tried), dtype=bool)
    if numbers is not None:
        positions = positions_of(tried, entry)
        loose = np.isnan(positions)
        values: list[Any] = [one.values.get(entry.name) for one in tried]
        steps = few_positions(numbers)
        edges = np.linspace(0.0, 1.0, num_bins + 1)
        if steps is not None and len(steps) <= num_bins:
            edges = np.r_[0.0, (steps[1:] + steps[:-1]) / 2, 1.0]
        places = np.clip(
            np.searchsorted(edges, np.nan_to_num(positions), side="right") - 1, 0, len(edges) - 2
        )
        for place in range(len(edges) - 1):
            chosen = (places == place) & ~loose
            if chosen.any():
                seen = [float(value) for value, one in zip(values, chosen, strict=True) if one]
                # Of few values the value itself; of a continuum the bin's ends, so that neighbours meet.
                low, high = (
                    (min(seen), max(seen))
                    if numbers.num_values is not None
                    else (float(numbers.value(edges[place])), float(numbers.value(edges[place + 1])))
                )
                label = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
                bins.append(_bin(label, low, high, errors[chosen]))
    labels = [
        "not acting" if entry.name not in one.values else _shown(one.values[entry.name]) for one in tried
    ]
    bins += [
        _bin(label, math.nan, math.nan, errors[loose & np.array([one == label for one in labels])])
        for label in dict.fromkeys(name for name, one in zip(labels, loose, strict=True) if one)
    ]
    return Marginal(entry.name, isinstance(numbers, Log | LogInteger | LogNormal), tuple(bins))


def _bin(label: str, low: float, high: float, errors: Floats) -> Bin:
    """Return the statistics of one bin."""
    finite = errors[np.isfinite(errors)]
    count = len(finite)
    return Bin(
        label,
        low,
        high,
        count=len(errors),
        num_diverged=len(errors) - count,
        mean=float(finite.mean()) if count else math.nan,
        standard_error=float(finite.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan,
        best=float(finite.min()) if count else math.nan,
    )


def _shown(value: Any) -> str:
    """Return a value as a reader writes it."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)
