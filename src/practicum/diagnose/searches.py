"""Faults of a search, not of one run: seeds taken for a gain [E7], the best at the end of a range [E8].

A single loop cannot show them, so they are functions of several runs; what is tested is told by the search's own
analyses.
"""

from __future__ import annotations

from collections.abc import Sequence

from practicum.core.finding import Finding
from practicum.recipe.space import Space
from practicum.tuning.analysis.border import SURE, borders
from practicum.tuning.analysis.pairs import compare
from practicum.tuning.trial import Tried

FEW_SEEDS = 5
"""Below, differences between seeds are hardly known."""


def noise_of_seeds(errors: Sequence[Sequence[float]]) -> Finding | None:
    """Return a finding where the chosen setting's lead over others may be chance.

    Args:
        errors: final errors of each setting, one a seed, the same seeds in the same order; the chosen setting first.

    Source:
        Bengio 2012, 3.2-35; fault E7.

    Example:
        >>> noise_of_seeds([[0.10, 0.14], [0.13, 0.12]]).causes[0][0]
        'E7'
        >>> noise_of_seeds([[0.10, 0.12, 0.11, 0.13, 0.12], [0.15, 0.18, 0.16, 0.17, 0.17]]) is None
        True
    """
    found = compare(errors)
    if len(found.means) < 2 or not found.tied:
        return None
    return Finding(
        "R081",
        "warning" if found.num_seeds < FEW_SEEDS else "info",
        (("E7", 0.9),),
        found.text,
        f"Train each of them with {FEW_SEEDS} seeds or more, the same for all, or take whichever is cheapest.",
        "3.2-35, fault-E7",
    )


def best_at_borders(tried: Sequence[Tried], space: Space, seed: int = 0) -> tuple[Finding, ...]:
    """Return a finding for each entry whose best value lies at an end of its range.

    Args:
        tried: finished trials.
        space: what was searched.
        seed: of the draws that tell chance from more.

    Source:
        Bengio 2012, 3.3-03; fault E8.

    Example:
        >>> from practicum.recipe.space import Entry, Log
        >>> space = Space((Entry("learning_rate", Log(1e-6, 1e-3)),))
        >>> rates = [10 ** (-6 + 3 * i / 15) for i in range(16)]
        >>> tried = [Tried(i, {"learning_rate": rate}, 0.5 - 30 * rate) for i, rate in enumerate(rates)]
        >>> [one.causes[0][0] for one in best_at_borders(tried, space)]
        ['E8']
    """
    return tuple(
        Finding(
            "R082",
            "warning",
            (("E8", SURE),),
            one.text,
            "Extend the range beyond that end and search again.",
            "3.3-03, fault-E8",
        )
        for one in borders(tried, space, seed)
        if one.side is not None
    )
