"""Whether the network ended at least as good as simple models of the same rows: then a symptom has cost it little."""

from __future__ import annotations

from practicum.diagnose.derived.baselines import baselines_of
from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts

ERRORS = 1.0
"""Standard errors by which it may be worse."""


@kept
def ends_well(facts: Facts) -> bool:
    """Return whether its validation error is no higher than that of the best simple model; False where unknown.

    Example:
        >>> ends_well(Facts())
        False
    """
    learned, simple = learned_of(facts), baselines_of(facts)
    if learned is None or simple is None or learned.measure != simple.measure or not simple.apart:
        return False
    return learned.valid_error <= simple.best + ERRORS * learned.standard_error


def has_learned(facts: Facts, share: float) -> bool:
    """Return whether validation rows are further than ``share`` from what a constant has to perfect; False if unknown.

    Example:
        >>> has_learned(Facts(), 0.5)
        False
    """
    learned = learned_of(facts)
    return learned is not None and learned.valid > share
