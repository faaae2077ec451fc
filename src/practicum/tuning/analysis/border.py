"""The border rule: does the best value of an entry lie at an end of its range, and not by chance [3.3-03]?

Of seven entries the winner has nearly always one at an end, so its place alone says nothing. Asked instead is where
the error, as a smooth function of each entry with the others accounted for
(:mod:`practicum.tuning.analysis.additive`), is lowest: with what probability inside the outermost tenth.
How often that warns rightly and falsely is measured in `benchmarks/border.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Distribution, Entry, SometimesOff, Space
from practicum.tuning.analysis.additive import Effect, Floats, curve_columns, draw, fit, tamed
from practicum.tuning.analysis.ends import Side, extended
from practicum.tuning.analysis.positions import (
    best_of,
    errors_of,
    few_positions,
    numbers_of,
    position_of,
    positions_of,
    searched_entries,
)
from practicum.tuning.trial import Tried

NEAR = 0.1
"""Share of the range, at each end, that counts as the border."""

SURE = 0.97
"""Probability from which on a border is warned of."""

MIN_TRIALS = 10
"""With fewer that have an error nothing is said."""

NUM_DRAWS = 1000
MOST_OPTIONS = 12
GRID = np.linspace(0.0, 1.0, 51)


@dataclass(frozen=True, slots=True)
class Border:
    """Where the lowest error lies in the range of one entry.

    Attributes:
        name: of the entry.
        low: the range's low end.
        high: the range's high end.
        best: the entry's value in the best trial; None where it does not act or is off.
        low_probability: that the error is lowest in the outermost tenth at the low end.
        high_probability: the same at the high end.
        low_open: whether smaller values are possible at all.
        high_open: whether larger values are possible at all.
    """

    name: str
    low: float
    high: float
    best: float | None
    low_probability: float
    high_probability: float
    low_open: bool = True
    high_open: bool = True

    @property
    def side(self) -> Side | None:
        """The end to be moved, or None."""
        if self.high_open and self.high_probability >= SURE:
            return "high"
        return "low" if self.low_open and self.low_probability >= SURE else None

    @property
    def text(self) -> str:
        """One sentence where there is something to say, else an empty string."""
        if self.side is None:
            return ""
        end, probability, word = (
            (self.high, self.high_probability, "upper")
            if self.side == "high"
            else (self.low, self.low_probability, "lower")
        )
        sure = "over 99 %" if probability > 0.99 else f"{probability:.0%}".replace("%", " %")
        return (
            f"The best `{self.name}` lies at the {word} end of its range, {end:g} ({sure} sure): "
            f"try {'larger' if self.side == 'high' else 'smaller'} values."
        )


def borders(tried: Sequence[Tried], space: Space, seed: int = 0) -> tuple[Border, ...]:
    """Return where the lowest error lies, for each numeric entry that was varied.

    Args:
        tried: finished trials; those with values outside the space's ranges say nothing of that entry.
        space: what was searched.
        seed: of the draws from the posterior.

    Returns:
        One :class:`Border` an entry, in the space's order; empty with fewer than :data:`MIN_TRIALS` errors, or
        with errors that are all alike.

    Source:
        Bengio 2012, 3.3-03.

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(1e-6, 1e-3)),))
        >>> rates = [10 ** (-6 + 3 * i / 15) for i in range(16)]
        >>> tried = [Tried(i, {"learning_rate": rate}, 0.5 - 30 * rate) for i, rate in enumerate(rates)]
        >>> borders(tried, space)[0].text
        'The best `learning_rate` lies at the upper end of its range, 0.001 (over 99 % sure): try larger values.'
    """
    errors = errors_of(tried)
    target = tamed(errors)
    entries = searched_entries(space, tried)
    if np.isfinite(errors).sum() < MIN_TRIALS or not target.any() or not entries:
        return ()
    effects = [_effect(tried, entry) for entry in entries]
    coefficients = draw(fit(target, effects), NUM_DRAWS, stream(seed, "tuning/border"))
    best = best_of(tried)
    found, start = [], 0
    for entry, effect in zip(entries, effects, strict=True):
        numbers = numbers_of(entry)
        if numbers is not None:
            shares = _shares(coefficients[:, start : start + 3], numbers)
            found.append(
                _border(entry, numbers, shares, None if best is None else best.values.get(entry.name))
            )
        start += effect.columns.shape[1]
    return tuple(found)


def extension(space: Space, found: Border | Sequence[Border]) -> Space:
    """Return the space with ranges extended by half of their width, on their own scale, where a border says so.

    Args:
        space: what was searched.
        found: one border or all, as :func:`borders` returns them.

    Returns:
        The same space where nothing is to be moved, or nothing further is possible.

    Source:
        Bengio 2012, 3.3-03.

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(1e-6, 1e-2)),))
        >>> wider = extension(space, Border("learning_rate", 1e-6, 1e-2, 1e-2, 0.0, 0.99))
        >>> wider["learning_rate"].distribution
        Log(low=1e-06, high=1.0)
    """
    for one in (found,) if isinstance(found, Border) else found:
        if one.side is None:
            continue
        distribution = space[one.name].distribution
        inner = numbers_of(space[one.name])
        wider = extended(inner, one.side, one.name)
        if isinstance(distribution, SometimesOff):
            wider = replace(distribution, inner=wider)
        with suppress(ConfigError):  # beside another entry, a recipe of the wider space may be refused
            space = space if wider == distribution else space.replaced(one.name, wider)
    return space


def _effect(tried: Sequence[Tried], entry: Entry) -> Effect:
    """Return the columns of an entry: its curve, and one for each value that has no place in an order."""
    marks: list[Any] = [one.values.get(entry.name, "idle") for one in tried]
    if numbers_of(entry) is None:
        options = list(dict.fromkeys(repr(mark) for mark in marks))[:MOST_OPTIONS]
        return Effect(
            np.array([[repr(mark) == option for option in options] for mark in marks], float), False
        )
    positions = positions_of(tried, entry)
    columns = [curve_columns(positions)]
    if np.isnan(positions).any():
        columns.append(np.isnan(positions)[:, None].astype(float))
    return Effect(np.concatenate(columns, axis=1), True)


def _shares(coefficients: Floats, numbers: Distribution) -> tuple[float, float]:
    """Return the share of draws whose lowest point lies in the low and in the high border."""
    steps = few_positions(numbers)
    grid = GRID if steps is None else steps
    if len(grid) < 3:
        return 0.0, 0.0
    lowest = grid[(coefficients @ curve_columns(grid).T).argmin(axis=1)]
    return (
        float((lowest <= max(NEAR, grid[0]) + 1e-9).mean()),
        float((lowest >= min(1 - NEAR, grid[-1]) - 1e-9).mean()),
    )


def _border(entry: Entry, numbers: Distribution, shares: tuple[float, float], best: Any) -> Border:
    """Return the record of one entry."""
    value = None if best is None or math.isnan(position_of(numbers, best)) else float(best)
    # Where "off" is among the values, smaller and smaller ones end there: nothing is cut off below.
    off = isinstance(entry.distribution, SometimesOff)
    return Border(
        entry.name,
        float(numbers.ends[0]),
        float(numbers.ends[-1]),
        value,
        *shares,
        low_open=not off and extended(numbers, "low", entry.name) != numbers,
        high_open=extended(numbers, "high", entry.name) != numbers,
    )
