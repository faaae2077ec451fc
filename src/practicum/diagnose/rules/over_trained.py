"""Training went on long past the best validation."""

from __future__ import annotations

from practicum.diagnose.derived.validated import validated_of
from practicum.diagnose.rules import worse_than_trivial
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

SINCE, SHARE = 5, 0.4
"""Validations since the best one: so many, and that share of all."""

RISE, TIMES = 0.02, 1.2
"""By how much the loss has risen since: as a share of the best constant's loss, and over the best."""

ERRORS = 0.5
"""Standard errors that the rise must have; those of one set of rows at two times lie near each other."""

LONG_SINCE, SMALL_RISE, LONG_TIMES = 15, 0.0015, 1.2
"""Validations since the best, from which on a small rise is no chance any more; how small it may be."""

MOST_SINCE, MOST_SHARE, MOST_TIMES = 30, 0.6, 1.05
"""Validations since the best one, so many and that share of all, after which less of a rise says that no more comes."""

BY_HEART = 100.0
"""Loss of validation over that of training rows that are known by heart."""

MANY_ROWS = 200
"""Distinct training rows: with fewer it is over-fitting first of all."""


def check(facts: Facts) -> str | Evidence | None:
    """Say when validation was best, and how much worse it is now."""
    seen = validated_of(facts)
    if seen is None or seen.since < max(SINCE, SHARE * seen.num):
        return None
    long = seen.since >= LONG_SINCE and seen.rise > SMALL_RISE and seen.end > LONG_TIMES * seen.best
    late = seen.since >= max(MOST_SINCE, MOST_SHARE * seen.num)
    long |= late and seen.rise > SMALL_RISE and seen.end > MOST_TIMES * seen.best
    if not long and (seen.rise < max(RISE, ERRORS * seen.error) or seen.end < TIMES * seen.best):
        return None
    if worse_than_trivial.is_miscoded(facts):
        return None
    few = 0 < seen.num_rows < MANY_ROWS and seen.end > BY_HEART * seen.train
    return Evidence(
        f"The validation loss was lowest at step {seen.best_step}, {seen.best:.3g}; {seen.since} of {seen.num} "
        f"validations later it is {seen.end:.3g}.",
        causes=(("E1", 0.5), ("E3", 0.4)) if few else None,
    )


RULE = Rule(
    id="R077",
    title="Trained past the best",
    severity="warning",
    causes=(("E3", 0.7), ("E1", 0.2)),
    why="The weights at the end are worse than those the run had before, and the time since is lost.",
    advice="Keep the weights of the lowest validation loss, and stop when it has not fallen for a while.",
    source="3.1-12, fault-E3",
    inject="Train five times as long, and keep the last weights.",
    check=check,
    is_outcome=True,
)
