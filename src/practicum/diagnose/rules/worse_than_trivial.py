"""Worse than guessing, or than a linear model: where nothing else is seen, this is what is left to say."""

from __future__ import annotations

import math

from practicum.diagnose.derived.baselines import baselines_of
from practicum.diagnose.derived.constant import Learned, learned_of
from practicum.diagnose.derived.course import course_of
from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.validated import train_outputs_loss, validated_of
from practicum.diagnose.rules.rule import Causes, Evidence, Rule
from practicum.monitor.facts import Facts

ERRORS = 2.5
"""Standard errors."""

MARGIN = 0.05
"""Of the way from a constant to perfect."""

LEAST, FALLS = 100, -0.1
"""Steps below which nothing is said; fall of the loss over the last third, as a share of all, of a run that goes on.

Neither counts where training rows are known.
"""

KNOWN = 0.3
"""Of the same way, that training rows have come, though validation rows are worse than guessed."""

BELOW = 0.85
"""Of the best constant's loss, below which a validation has shown that rows and targets belong together."""

MISCODED: Causes = (("E6", 0.7), ("D10", 0.2))
ADVICE = "Look at how validation rows are made: coding of the targets, scaling of the inputs, order."


def check(facts: Facts) -> str | Evidence | None:
    """Say how much worse than a constant, or a linear model, the network is on rows that it was not trained on."""
    learned, simple = learned_of(facts), baselines_of(facts)
    if learned is None:
        return _by_losses(facts)
    error = learned.valid_error if math.isfinite(learned.valid_error) else learned.train_error
    least = ERRORS * learned.standard_error + MARGIN * learned.constant
    if not math.isfinite(error):
        return None
    if not is_miscoded(facts) and (is_explained(facts) or _is_too_soon(facts)):
        return None
    if error - learned.constant > least:
        return _guessed(learned, error, known=is_miscoded(facts))
    if simple is None or not error - simple.linear > least or simple.linear > simple.constant:
        return None
    return Evidence(
        f"{_errors(learned, error)}, that of a linear model {simple.linear:.3g} ({learned.measure}).",
        causes=(("E6", 0.5), ("O2", 0.15), ("O1", 0.1)),
    )


def is_miscoded(facts: Facts) -> bool:
    """Return whether training rows are known, but validation rows judged worse than by a constant."""
    learned = learned_of(facts)
    if learned is None:
        return _by_losses(facts) is not None
    if not math.isfinite(learned.valid_error) or learned.train < KNOWN:
        return False
    least = ERRORS * learned.standard_error + MARGIN * learned.constant
    return learned.valid_error - learned.constant > least


def _by_losses(facts: Facts) -> Evidence | None:
    """Return the evidence where errors are unknown: no validation ever came below a constant, training rows did."""
    seen, known = validated_of(facts), train_outputs_loss(facts)
    if seen is None or known is None:
        return None
    train, constant = known
    if train > (1 - KNOWN) * constant or seen.best < BELOW * constant or seen.end < constant:
        return None
    return Evidence(
        f"The validation loss was {seen.best:.3g} at best and is {seen.end:.3g}, that of the best constant output "
        f"{constant:.3g}; on training rows it is {train:.3g}.",
        severity="critical",
        causes=MISCODED,
        advice=ADVICE,
    )


def _is_too_soon(facts: Facts) -> bool:
    """Return whether the run is short, or its loss still falls."""
    course = course_of(facts)
    return course is None or course.num_steps < LEAST or (course.slope_t < -2 and course.slope_share < FALLS)


def _guessed(learned: Learned, error: float, *, known: bool) -> Evidence:
    """Return the evidence of what is worse than a constant; where training rows are known, validation is at fault."""
    return Evidence(
        f"{_errors(learned, error)}, that of a constant {learned.constant:.3g} ({learned.measure})"
        + (f"; on training rows it is {learned.train_error:.3g}." if known else "."),
        severity="critical" if known else "warning",
        causes=MISCODED if known else (("E6", 0.4), ("L2", 0.1), ("O1", 0.1)),
        advice=ADVICE if known else None,
    )


def _errors(learned: Learned, error: float) -> str:
    """Return the error with its own error."""
    of = "validation" if math.isfinite(learned.valid_error) else "training"
    return f"The error of {of} rows is {error:.3g} ± {2 * learned.standard_error:.2g}"


RULE = Rule(
    id="R080",
    title="Worse than a trivial model",
    severity="warning",
    causes=(("E6", 0.5), ("D10", 0.1), ("O2", 0.1)),
    why="What a constant or a linear model does better is not a matter of tuning: something is broken.",
    advice="Look for a mistake before tuning: one minibatch by heart, targets beside inputs, outputs of a few rows.",
    source="fault-E6",
    inject="Number the classes of the validation rows otherwise than those of training.",
    check=check,
    is_outcome=True,
)
