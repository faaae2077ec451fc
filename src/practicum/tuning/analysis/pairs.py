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
    """All recipes compared.

    Attributes:
        means: mean error of each recipe over its seeds.
        order: numbers of the recipes, best mean first; of two alike the one given first.
        pairs: every pair.
        num_seeds: seeds that every recipe has an error for.
    """

    means: tuple[float, ...]
    order: tuple[int, ...]
    pairs: tuple[Pair, ...]
    num_seeds: int

    @property
    def tied(self) -> tuple[int, ...]:
        """Recipes that cannot be told apart from the best, the best itself left out."""
        if not self.order:
            return ()
        best = self.order[0]
        alike = {(one.first, one.second) for one in self.pairs if one.verdict == "alike"}
        return tuple(one for one in self.order[1:] if (best, one) in alike or (one, best) in alike)

    @property
    def text(self) -> str:
        """One sentence."""
        if len(self.order) < 2:
            return "There is one recipe only: nothing to compare."
        best, num_others = self.order[0], len(self.order) - 1
        name, seeds = f"recipe {best + 1}", f"over {self.num_seeds} seeds"
        if self.num_seeds < 2:
            return (
                f"With {self.num_seeds} common seeds the {len(self.order)} best recipes cannot be told apart."
            )
        if len(self.tied) == num_others:
            return (
                f"The {len(self.order)} best recipes cannot be told apart {seeds}; {name} has the lowest mean error, "
                f"{self.means[best]:.4g}."
            )
        if not self.tied:
            others = "the other" if num_others == 1 else f"each of the other {num_others}"
            return f"Recipe {best + 1} is better than {others} {seeds}: mean error {self.means[best]:.4g}."
        ties = " and ".join(str(one + 1) for one in self.tied)
        return (
            f"Recipe {best + 1} has the lowest mean error {seeds}, {self.means[best]:.4g}, but cannot be told apart "
            f"from recipe{'s' if len(self.tied) > 1 else ''} {ties}."
        )


def compare(
    errors: Sequence[Sequence[float] | Floats],
    rows: Sequence[npt.ArrayLike] | None = None,
    level: float = LEVEL,
) -> Comparison:
    """Compare recipes that were trained on the same seeds.

    Args:
        errors: of each recipe, one for each seed, in the same order of seeds; a seed for which a recipe has no finite
            error is left out of its comparisons and makes its mean infinite.
        rows: of each recipe, the error on each row, shape ``(S, N)``. The validation rows' chance then counts beside
            the seeds': without it a verdict is about these rows only.
        level: of the intervals.

    Returns:
        Means, order and pairs.

    Source:
        Bengio 2012, 3.2-35; Holm 1979, *A simple sequentially rejective multiple test procedure*.

    Example:
        >>> found = compare([[0.10, 0.12, 0.11, 0.13, 0.12], [0.15, 0.18, 0.16, 0.17, 0.17]])
        >>> found.text
        'Recipe 1 is better than the other over 5 seeds: mean error 0.116.'
    """
    arrays = [np.asarray(one, dtype=np.float64) for one in errors]
    means = tuple(float(one.mean()) if len(one) and np.isfinite(one).all() else math.inf for one in arrays)
    order = tuple(sorted(range(len(arrays)), key=lambda one: (means[one], one)))
    raw = []
    for first, second in combinations(range(len(arrays)), 2):
        usable = np.isfinite(arrays[first]) & np.isfinite(arrays[second])
        difference = arrays[first][usable] - arrays[second][usable]
        by_row = None
        if rows is not None:
            by_row = (np.asarray(rows[first], float) - np.asarray(rows[second], float))[usable]
        raw.append((first, second, difference, _standard_error(difference, by_row)))
    p_values = holm([_p_value(difference, error) for _, _, difference, error in raw])
    pairs = tuple(
        _pair(first, second, difference, error, p_value, level)
        for (first, second, difference, error), p_value in zip(raw, p_values, strict=True)
    )
    common = np.isfinite(np.stack(arrays)).all(axis=0).sum() if arrays else 0
    return Comparison(means, order, pairs, int(common))


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


def _standard_error(difference_S: Floats, by_row_SN: Floats | None) -> float:
    """Return the standard error of a mean difference, by seeds and, where given, by rows."""
    num_seeds = len(difference_S)
    if num_seeds < 2:
        return math.inf
    seeds = float(difference_S.var(ddof=1)) / num_seeds
    if by_row_SN is None or by_row_SN.shape[1] < 2:
        return math.sqrt(seeds)
    num_rows = by_row_SN.shape[1]
    row_means = by_row_SN.mean(axis=0)
    rest = by_row_SN - row_means - by_row_SN.mean(axis=1, keepdims=True) + by_row_SN.mean()
    both = float((rest**2).sum()) / ((num_seeds - 1) * (num_rows - 1)) / (num_seeds * num_rows)
    # Two-way analysis of variance: what seeds and rows share was counted twice.
    return math.sqrt(max(seeds + float(row_means.var(ddof=1)) / num_rows - both, seeds))


def _p_value(difference: Floats, standard_error: float) -> float:
    """Return Student's two-sided p value."""
    if not math.isfinite(standard_error):
        return 1.0
    mean = float(difference.mean())
    if standard_error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return float(2 * stdtr(len(difference) - 1, -abs(mean) / standard_error))


def _pair(
    first: int, second: int, difference: Floats, standard_error: float, p_value: float, level: float
) -> Pair:
    """Return the record of one pair."""
    mean = float(difference.mean()) if len(difference) else math.nan
    half = math.inf
    if math.isfinite(standard_error):
        half = float(stdtrit(len(difference) - 1, 0.5 + level / 2)) * standard_error
    better: Literal["first", "second"] = "first" if mean < 0 else "second"
    clear = p_value < 1 - level
    return Pair(first, second, mean, mean - half, mean + half, p_value, better if clear else "alike")
