"""Does an entry matter? Compared at each value with all others optimised, not averaged over [3.4-07, footnote 29].

The best error is taken among the same number of trials for each value, as the best of many is lower than the best of
few. How large a difference chance makes is seen with the errors dealt out anew; that holds for trials drawn at random,
so give the wide search only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from practicum.core.seeds import stream
from practicum.recipe.space import Entry, Space
from practicum.tuning.analysis.outlook import expected_best, lowest_probabilities
from practicum.tuning.analysis.positions import (
    Floats,
    best_of,
    errors_of,
    few_positions,
    numbers_of,
    positions_of,
)
from practicum.tuning.trial import Tried

NUM_PARTS = 3
"""Parts of equal width into which a range of many values falls."""

MIN_EACH = 3
"""A value or part with fewer trials is left out."""

NUM_SHUFFLED = 400
SURE = 0.05
"""A difference that chance makes at most so often matters."""

NO_MATTER = 1.0
"""A difference below so many standard errors of the best error is none in practice."""


@dataclass(frozen=True, slots=True)
class Level:
    """One value of the entry, or one part of its range.

    Attributes:
        label: e.g. "tanh", or "0.001 to 0.01".
        count: trials with it.
        best: expected lowest error among as many trials as the rarest level has.
        deviation: standard deviation of that lowest error over the subsets; ``nan`` where there is one subset only.
        whole: whether any of its trials was trained to its end; else ``best`` is what shorter trainings reached.
    """

    label: str
    count: int
    best: float
    deviation: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Matters:
    """Whether an entry matters.

    Attributes:
        name: of the entry.
        num_each: trials compared at each level.
        levels: best first.
        difference: of the worst level's expected best error to that of the best level.
        by_chance: a difference that chance alone exceeds in one of twenty searches.
        p_value: how often chance makes a difference as large.
        verdict: "yes", "no" or "cannot tell".
    """

    name: str
    num_each: int
    levels: tuple[Level, ...]
    difference: float
    by_chance: float
    p_value: float
    verdict: Literal["yes", "no", "cannot tell"]

    @property
    def text(self) -> str:
        """One sentence."""
        if len(self.levels) < 2:
            return f"Whether `{self.name}` matters cannot be told: too few of its values were tried often enough."
        best, worst = self.levels[0], self.levels[-1]
        against = (
            f"the best of {self.num_each} trials has error {best.best:.4g} with {best.label} and {worst.best:.4g} with "
            f"{worst.label}, all else optimised"
        )
        if not worst.whole:
            against += f" (trials with {worst.label} were all ended early)"
        if self.verdict == "yes":
            return f"`{self.name}` matters: {against} (by chance once in {1 / max(self.p_value, 1e-3):.0f})."
        if self.verdict == "no":
            return f"`{self.name}` hardly matters here: {against}."
        return f"Whether `{self.name}` matters cannot be told: {against}; chance makes up to {self.by_chance:.2g}."


def matters(tried: Sequence[Tried], space: Space, name: str, seed: int = 0) -> Matters:
    """Return whether an entry matters, all others optimised for each of its values.

    Args:
        tried: finished trials of one random or quasi-random search. A diverged one counts as the worst.
        space: what was searched.
        name: of the entry.
        seed: of the values dealt out anew.

    Raises:
        ConfigError: if the space has no entry of that name; the nearest is offered.

    Source:
        Bengio 2012, 3.4-07.

    Example:
        >>> from practicum.recipe.space import Choice, Space
        >>> space = Space((Entry("activation", Choice(("tanh", "relu"))),))
        >>> tried = [Tried(i, {"activation": ("tanh", "relu")[i % 2]}, 0.1 + i % 2 + 0.01 * i) for i in range(20)]
        >>> matters(tried, space, "activation").verdict
        'yes'
    """
    entry = space[name]
    labels = _labels(tried, entry)
    errors = errors_of(tried)
    kept = [label for label in dict.fromkeys(labels) if label and labels.count(label) >= MIN_EACH]
    finite = errors[np.isfinite(errors)]
    if len(kept) < 2 or len(finite) < 2:
        return Matters(name, 0, (), math.nan, math.nan, 1.0, "cannot tell")
    used = np.array([label in kept for label in labels])
    values = np.where(np.isfinite(errors), errors, finite.max())[used]
    owner = np.array([kept.index(label) for label in labels if label in kept])
    counts = np.bincount(owner)
    num_each = int(counts.min())
    curves = [expected_best(values[owner == place], [num_each]) for place in range(len(kept))]
    whole = {label for label, one in zip(labels, tried, strict=True) if not one.halted}
    levels = [
        Level(
            label,
            int(count),
            float(curve.mean[0]),
            float(curve.deviation[0]) if count > num_each else math.nan,
            label in whole,
        )
        for label, count, curve in zip(kept, counts, curves, strict=True)
    ]
    levels.sort(key=lambda one: one.best)
    difference = levels[-1].best - levels[0].best
    chance = _chance(values, owner, num_each, seed)
    p_value = (1 + int((chance >= difference - 1e-12).sum())) / (1 + len(chance))
    return Matters(
        name,
        num_each,
        tuple(levels),
        difference,
        float(np.quantile(chance, 1 - SURE)),
        p_value,
        _verdict(difference, p_value, float(np.quantile(chance, 1 - SURE)), _standard_error(tried)),
    )


def _labels(tried: Sequence[Tried], entry: Entry) -> list[str]:
    """Return which value or part of the range each trial has, "" where the entry does not act."""
    numbers = numbers_of(entry)
    if numbers is None:
        return [str(one.values[entry.name]) if entry.name in one.values else "" for one in tried]
    positions = positions_of(tried, entry)
    steps = few_positions(numbers)
    if steps is not None and len(steps) <= 2 * NUM_PARTS:
        names = [f"{one.values[entry.name]:g}" if entry.name in one.values else "" for one in tried]
        return ["off" if name and np.isnan(at) else name for name, at in zip(names, positions, strict=True)]
    edges = [numbers.value(place / NUM_PARTS) for place in range(NUM_PARTS + 1)]
    labels = []
    for one, position in zip(tried, positions, strict=True):
        if np.isnan(position):
            labels.append("off" if entry.name in one.values else "")
        else:
            place = min(int(position * NUM_PARTS), NUM_PARTS - 1)
            labels.append(f"{edges[place]:.3g} to {edges[place + 1]:.3g}")
    return labels


def _chance(values: Floats, owner: npt.NDArray[np.int64], num_each: int, seed: int) -> Floats:
    """Return differences between levels with the errors dealt out anew, shape ``(NUM_SHUFFLED,)``."""
    generator = stream(seed, "tuning/matters")
    dealt = generator.permuted(np.tile(values, (NUM_SHUFFLED, 1)), axis=1)
    best = []
    for place in range(int(owner.max()) + 1):
        mine = np.sort(dealt[:, owner == place], axis=1)
        best.append(mine @ lowest_probabilities(mine.shape[1], num_each))
    spread: Floats = np.ptp(np.stack(best), axis=0)
    return spread


def _standard_error(tried: Sequence[Tried]) -> float:
    """Return the best trial's standard error, 0 where it is not known."""
    best = best_of(tried)
    return best.standard_error if best is not None and math.isfinite(best.standard_error) else 0.0


def _verdict(
    difference: float, p_value: float, by_chance: float, standard_error: float
) -> Literal["yes", "no", "cannot tell"]:
    """Return the verdict: "no" only where a difference that would count could not have been missed."""
    least = NO_MATTER * standard_error
    if p_value <= SURE and difference > 0:
        return "yes"
    return "no" if difference + by_chance <= least + 1e-12 else "cannot tell"
