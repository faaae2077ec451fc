"""Training rows are known by heart, validation rows are not."""

from __future__ import annotations

from practicum.diagnose.derived.validated import Validated, validated_of
from practicum.diagnose.rules import over_trained, worse_than_trivial
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

GAP = 0.03
"""Between validation and training, as a share of the best constant's loss, where rows are few."""

LARGE_GAP, RISEN_GAP = 0.12, 0.06
"""The same where they are many; and where the validation loss rises besides."""

BY_HEART, TIMES, RISEN_TIMES = over_trained.BY_HEART, 50.0, 4.0
"""Loss of validation over that of training, in the same three cases: few rows are known to the last digit."""

ERRORS = 2.0
"""Standard errors that the gap must have, unless rows are few."""

STANDS = 0.9
"""What the last two fifths of the validations have reached at least of what was there before: it falls no longer."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how far validation and training lie apart, where validation gets no better any more."""
    seen = validated_of(facts)
    if (
        seen is None
        or worse_than_trivial.is_miscoded(facts)
        or 0 < facts.heard <= facts.validated_in_training
    ):
        return None
    by_heart, rises = is_by_heart(seen), over_trained.check(facts) is not None
    parted = seen.gap > LARGE_GAP and seen.end > TIMES * seen.train
    risen = rises and seen.gap > RISEN_GAP and seen.end > RISEN_TIMES * seen.train
    sure = seen.gap > ERRORS * seen.error and seen.end > STANDS * seen.early
    if not by_heart and not (sure and (parted or risen)):
        return None
    rows = f"; {seen.num_rows} distinct training rows were seen" if seen.num_rows else ""
    return Evidence(
        f"The validation loss ends at {seen.end:.3g}, that of training rows at {seen.train:.3g}: {seen.gap:.0%} of the "
        f"best constant's loss lie between. Before the last two fifths of the run it had been {seen.early:.3g}{rows}.",
        causes=(("E3", 0.5), ("E1", 0.45)) if rises and not by_heart else None,
    )


def is_by_heart(seen: Validated) -> bool:
    """Return whether few rows are known by heart, and others are not."""
    few = 0 < seen.num_rows < over_trained.MANY_ROWS
    return few and seen.gap > GAP and seen.end > BY_HEART * seen.train


RULE = Rule(
    id="R075",
    title="Over-fitting",
    severity="warning",
    causes=(("E1", 0.75), ("E3", 0.15)),
    why="What is learned by heart says nothing of other rows.",
    advice="Get more rows or vary them, stop at the lowest validation loss, use dropout or weight decay, or a smaller "
    "network.",
    source="4.1-08, fault-E1",
    inject="Train a wide network on 80 rows.",
    check=check,
    is_outcome=True,
)
