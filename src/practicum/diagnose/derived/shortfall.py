"""Whether the network lacks something: what it has learned, beside simple models or beside knowing nothing."""

from __future__ import annotations

import math

from practicum.diagnose.derived.baselines import baselines_of
from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.validated import train_outputs_loss
from practicum.monitor.facts import Facts

MARGIN = 0.02
"""Of the way from a constant to perfect: less is no shortfall."""

ERRORS = 2.0
"""Standard errors that a shortfall must have."""

LEFT = 0.5
"""Share of the best constant's loss that training rows have left: more is too much, where no simple model tells."""


@kept
def shortfall(facts: Facts) -> str | None:
    """Return a sentence that says what the network lacks; None where it lacks nothing, or nobody can say.

    Example:
        >>> shortfall(Facts()) is None
        True
    """
    if facts.losses and not math.isfinite(facts.losses[-1]):
        return "The loss is no finite number any more."
    learned, simple = learned_of(facts), baselines_of(facts)
    if learned is None or simple is None:
        return loss_is_left(facts, LEFT)
    share = learned.valid if math.isfinite(learned.valid) else learned.train
    if not math.isfinite(share):
        return "What it returns is no finite number any more."
    best = 1 - simple.best / simple.constant if simple.constant > 0 else 0.0
    error = learned.standard_error / learned.constant
    if not best - share > max(MARGIN, ERRORS * error):
        return None
    return (
        f"From a constant to perfect, the network has come {max(share, -9.99):.0%} of the way, a simple model "
        f"{best:.0%}."
    )


def loss_is_left(facts: Facts, limit: float) -> str | None:
    """Return a sentence that says how much loss is left, where there are no simple models to compare; else None."""
    left = None if baselines_of(facts) is not None else loss_left(facts)
    if left is None or left < limit:
        return None
    return f"On training rows {left:.0%} of the best constant's loss are left."


@kept
def loss_left(facts: Facts) -> float | None:
    """Return the loss of training rows now over that of the best constant output; None where it cannot be said."""
    known = train_outputs_loss(facts)
    return None if known is None or not known[1] > 0 else known[0] / known[1]
