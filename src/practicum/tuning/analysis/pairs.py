"""The best few, retrained on the same seeds: which is better, and which cannot be told apart [3.2-35].

Two recipes meet the same seeds, so their errors are compared seed by seed; what both share then cancels. Each pair's
doubt is corrected for there being several pairs (Holm).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
"""Of the intervals, and one minus the accepted share of false verdicts over all pairs."""

PLACES = ("chosen", "second", "third", "fourth", "fifth")
"""Recipes in the order given."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two recipes compared.

    Attributes:
        first: number of one recipe, in the order given.
        second: number of the other.
        difference: mean error of the first minus that of the second.
        low: lower end of its interval.
        high: upper end of its interval.
        p_value: probability of a difference as large where there is none, corrected for the number of pairs.
        verdict: "first" or "second" is better, or they are "alike" for all that these seeds can tell.
    """

    first: int
    second: int
    difference: float
    low: float
    high: float
    p_value: float
    verdict: Literal["first", "second", "alike"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All recipes compared; the first is the chosen one.

    Attributes:
        means: mean error of each recipe over the seeds that every recipe has an error for; where there is none, over
            those that it has an error for.
        pairs: every pair.
        num_seeds: seeds that every recipe has an error for; pairs are compared on those that both have.
        whole: whether these are all seeds.
    """

    means: tuple[float, ...]
    pairs: tuple[Pair, ...]
    num_seeds: int
    whole: bool

    @property
    def tied(self) -> tuple[int, ...]:
        """Numbers of the recipes that the chosen one is not clearly better than."""
        beaten = {one.second for one in self.pairs if one.first == 0 and one.verdict == "first"}
        return tuple(one for one in range(1, len(self.means)) if one not in beaten)

    @property
    def surer(self) -> tuple[int, ...]:
        """Numbers of the recipes that are clearly better than the chosen one, over the seeds that both reached."""
        return tuple(one.second for one in self.pairs if one.first == 0 and one.verdict == "second")

    @property
    def text(self) -> str:
        """One sentence; recipes are named by their place, as a table has them that begins with the chosen one."""
        if len(self.means) < 2:
            return "There is one recipe only: nothing to compare."
        num_others, mean = len(self.means) - 1, f"{self.means[0]:.4g}"
        if self.num_seeds < 2:
            return (
                f"With {self.num_seeds} common seeds the {len(self.means)} best recipes cannot be told apart; the "
                f"chosen one has mean error {mean}."
            )
        if self.surer:
            others = " and ".join(f"{_place(one)} ({self.means[one]:.4g})" for one in self.surer)
            return (
                f"The chosen recipe, mean error {mean}, reached an error with more seeds than {others}, but is worse "
                f"over the {self.num_seeds} seeds that all reached."
            )
        seeds = (
            f"over {self.num_seeds} seeds"
            if self.whole
            else f"over the {self.num_seeds} seeds that all reached"
        )
        if len(self.tied) == num_others:
            return (
                f"The {len(self.means)} best recipes cannot be told apart {seeds}; the chosen one has "
                f"{self._lowest('mean error', mean)}."
            )
        if not self.tied:
            others = "the other" if num_others == 1 else f"each of the other {num_others}"
            return f"The chosen recipe is better than {others} {seeds}: mean error {mean}."
        ties = " and ".join(map(_place, self.tied))
        lowest = self._lowest(f"mean error {seeds}", mean)
        return f"The chosen recipe has {lowest}, but cannot be told apart from {ties}."

    def _lowest(self, what: str, mean: str) -> str:
        """Return "the lowest" where it is: a recipe that blew up with some seeds comes behind, whatever its mean."""
        return f"the lowest {what}, {mean}" if self.means[0] <= min(self.means) else f"{what} {mean}"


def _place(number: int) -> str:
    return f"the {PLACES[number]}" if number < len(PLACES) else f"number {number + 1}"


def mean_error(errors: Floats) -> float:
    """Return the mean over the seeds that have an error, ``inf`` where none has.

    Example:
        >>> mean_error(np.array([0.25, np.inf, 0.75]))
        0.5
    """
    reached = errors[np.isfinite(errors)]
    return float(reached.mean()) if len(reached) else math.inf


def compare(errors: Sequence[Sequence[float] | Floats], level: float = LEVEL) -> Comparison:
    """Compare recipes that were trained on the same seeds, as far as these rows and seeds can tell.

    Args:
        errors: of each recipe, one for each seed, in the same order of seeds; the chosen recipe first. A seed for
            which a recipe has no finite error is left out of its comparisons.
        level: of the intervals.

    Returns:
        Means and pairs.

    Source:
        Bengio 2012, 3.2-35; Holm 1979, *A simple sequentially rejective multiple test procedure*.

    Example:
        >>> found = compare([[0.10, 0.12, 0.11, 0.13, 0.12], [0.15, 0.18, 0.16, 0.17, 0.17]])
        >>> found.text
        'The chosen recipe is better than the other over 5 seeds: mean error 0.116.'
    """
    arrays = [np.asarray(one, dtype=np.float64) for one in errors]
    raw = []
    for first, second in combinations(range(len(arrays)), 2):
        usable = np.isfinite(arrays[first]) & np.isfinite(arrays[second])
        raw.append((first, second, arrays[first][usable] - arrays[second][usable]))
    p_values = holm([_p_value(difference, _standard_error(difference)) for _, _, difference in raw])
    pairs = tuple(
        _pair(first, second, difference, p_value, level)
        for (first, second, difference), p_value in zip(raw, p_values, strict=True)
    )
    common = np.isfinite(np.stack(arrays)).all(axis=0) if arrays else np.zeros(0, dtype=bool)
    used = common if common.any() else np.ones_like(common)
    means = tuple(mean_error(one[used]) for one in arrays)
    return Comparison(means, pairs, int(common.sum()), bool(common.all()))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values corrected for their number, so that one false alarm among all is as rare as each claims.

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda one: p_values[one])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected


def _standard_error(difference_S: Floats) -> float:
    """Return the standard error of a mean difference over seeds."""
    num_seeds = len(difference_S)
    return float(difference_S.std(ddof=1)) / math.sqrt(num_seeds) if num_seeds > 1 else math.inf


def _p_value(difference: Floats, standard_error: float) -> float:
    """Return Student's two-sided p value."""
    if not math.isfinite(standard_error):
        return 1.0
    mean = float(difference.mean())
    if standard_error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return float(2 * stdtr(len(difference) - 1, -abs(mean) / standard_error))


def _pair(first: int, second: int, difference: Floats, p_value: float, level: float) -> Pair:
    """Return the record of one pair."""
    mean = float(difference.mean()) if len(difference) else math.nan
    standard_error = _standard_error(difference)
    half = math.inf
    if math.isfinite(standard_error):
        half = float(stdtrit(len(difference) - 1, 0.5 + level / 2)) * standard_error
    better: Literal["first", "second"] = "first" if mean < 0 else "second"
    clear = p_value < 1 - level
    return Pair(first, second, mean, mean - half, mean + half, p_value, better if clear else "alike")
