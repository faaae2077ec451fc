"""The border rule: does the best value of an entry lie at an end of its range, and not by chance [3.3-03]?

Of seven entries the winner has nearly always one at an end, so its place alone says nothing. Asked instead is where
the error, as a smooth function of each entry with the others accounted for
(:mod:`practicum.tuning.analysis.additive`), is lowest: with what probability inside the outermost tenth.
Where the error of classes does not change along an entry, the loss is asked: far too small rates all make the same
mistakes, but not the same loss. How often that warns rightly and falsely is measured in `benchmarks/border.py`, on real
trainings in `benchmarks/border_real.py`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Distribution, Entry, SometimesOff, Space
from practicum.tuning.analysis.additive import Effect, Floats, curve_columns, draw, fit, ranked, tamed
from practicum.tuning.analysis.ends import Side, extended
from practicum.tuning.analysis.positions import (
    best_of,
    errors_of,
    few_positions,
    losses_of,
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

DOUBT = 0.02
"""The loss is believed about an end only where the error gives it at least this probability."""

LEAST_EFFECT = 0.25
"""Deviations of the error between the best and the worst of an entry; less is not worth an extension, however sure."""

MOST_AGAINST = 0.5
"""And only where the error gives the other end no more."""

MIN_TRIALS = 10
"""With fewer that have an error nothing is said."""

MIN_VALUES = 5
"""Nor of an entry that took fewer values, unless there are no more: packs share shapes, and of three values nothing is
concluded [3.3-04]."""

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
        by_loss: whether the loss says so, since the error hardly depends on the entry.
    """

    name: str
    low: float
    high: float
    best: float | None
    low_probability: float
    high_probability: float
    low_open: bool = True
    high_open: bool = True
    by_loss: bool = False

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
        best = "By the validation loss the best" if self.by_loss else "The best"
        return (
            f"{best} `{self.name}` lies at the {word} end of its range, {end:g} ({sure} sure): "
            f"try {'larger' if self.side == 'high' else 'smaller'} values."
        )


def borders(tried: Sequence[Tried], space: Space, seed: int = 0) -> tuple[Border, ...]:
    """Return where the lowest error lies, for each numeric entry that was varied.

    Args:
        tried: finished trials; those with values outside the space's ranges say nothing of that entry. Losses are
            asked only where all that did not diverge have one.
        space: what was searched.
        seed: of the draws from the posterior.

    Returns:
        One :class:`Border` an entry, in the space's order, without those that took fewer than :data:`MIN_VALUES`
        values; empty with fewer than :data:`MIN_TRIALS` errors, or with errors and losses that are all alike.

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
    errors, losses = errors_of(tried), losses_of(tried)
    entries = searched_entries(space, tried)
    if np.isfinite(errors).sum() < MIN_TRIALS or not entries:
        return ()
    effects = [_effect(tried, entry) for entry in entries]
    by_error = _ends(tamed(errors), entries, effects, seed)
    known = np.array_equal(np.isfinite(losses), np.isfinite(errors))
    by_loss = _ends(ranked(losses), entries, effects, seed) if known else {}
    best = best_of(tried)
    found = []
    for entry in entries:
        ends = [one[entry.name] for one in (by_error, by_loss) if entry.name in one]
        if ends and _enough_values(tried, entry):
            value = None if best is None else best.values.get(entry.name)
            shares = _agreed(ends)
            border = _border(entry, numbers_of(entry), shares, value)
            found.append(replace(border, by_loss=shares != ends[0] or entry.name not in by_error))
    return tuple(found)


def _ends(
    target: Floats, entries: Sequence[Entry], effects: Sequence[Effect], seed: int
) -> dict[str, tuple[float, float]]:
    """Return the probability of each end of each numeric entry; nothing where the target is all alike."""
    if not target.any():
        return {}
    coefficients = draw(fit(target, effects), NUM_DRAWS, stream(seed, "tuning/border"))
    found, start = {}, 0
    for entry, effect in zip(entries, effects, strict=True):
        numbers = numbers_of(entry)
        if numbers is not None:
            found[entry.name] = _shares(coefficients[:, start : start + 3], numbers)
        start += effect.columns.shape[1]
    return found


def _agreed(ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the probabilities by the first; by the last, where that is sure of an end that the first may be at."""
    (low, high), last = ends[0], ends[-1]
    if last[1] >= SURE > high >= DOUBT and low <= MOST_AGAINST:
        return min(low, 1 - last[1]), last[1]
    if last[0] >= SURE > low >= DOUBT and high <= MOST_AGAINST:
        return last[0], min(high, 1 - last[0])
    return low, high


def extension(space: Space, found: Border | Sequence[Border], again: Collection[str] = ()) -> Space:
    """Return the space with ranges extended on their own scale where a border says so.

    Args:
        space: what was searched.
        found: one border or all, as :func:`borders` returns them.
        again: names of entries that were extended before: they move by all of their width, others by half.

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
        wider = extended(inner, one.side, one.name, 1.0 if one.name in again else 0.5)
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


def _enough_values(tried: Sequence[Tried], entry: Entry) -> bool:
    positions = positions_of(tried, entry)
    known = numbers_of(entry)
    possible = None if known is None else known.num_values
    num_tried = len(np.unique(positions[np.isfinite(positions)]))
    return num_tried >= min(MIN_VALUES, MIN_VALUES if possible is None else possible)


def _shares(coefficients: Floats, numbers: Distribution) -> tuple[float, float]:
    """Return the share of draws whose lowest point lies in the low and in the high border."""
    steps = few_positions(numbers)
    grid = GRID if steps is None else steps
    if len(grid) < 3:
        return 0.0, 0.0
    curves = coefficients @ curve_columns(grid).T
    if np.ptp(curves.mean(axis=0)) < LEAST_EFFECT:
        return 0.5, 0.5  # nobody knows
    lowest = grid[curves.argmin(axis=1)]
    return (
        float((lowest <= max(NEAR, grid[0]) + 1e-9).mean()),
        float((lowest >= min(1 - NEAR, grid[-1]) - 1e-9).mean()),
    )


def _border(entry: Entry, numbers: Any, shares: tuple[float, float], best: Any) -> Border:
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
