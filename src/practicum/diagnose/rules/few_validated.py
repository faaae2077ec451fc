"""Validation on so few rows that chance decides, or on none."""

from __future__ import annotations

import math

from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.derived.schedule import epoch_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts
from practicum.monitor.passes import LONGEST as LISTENED
from practicum.monitor.watch import BATCHES_KEPT as WATCHED

FEW, SHARE = 50, 0.2
"""Rows of validation, and beside those of training: with less of both it is said."""

LONG = 200
"""Steps without any validation after which it is worth knowing."""

EPOCHS = 4
"""Epochs without any pass that could be a validation, after which it is a warning."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how far off the error of validation may be by chance alone."""
    rows = rows_of(facts)
    if not facts.validations:
        if facts.num_steps < LONG or rows is None:
            return None
        epochs = epochs_unheard(facts)
        if epochs >= EPOCHS:
            return (
                f"No pass without gradients was heard in the first {epochs:.0f} epochs: the training loss alone says "
                "nothing of other rows."
            )
        text = (
            f"No validation in {facts.num_steps} steps: the training loss alone says nothing of other rows."
        )
        return Evidence(text, severity="info")
    num = facts.sample.valid.num_rows
    if rows is None or not 0 < num <= min(FEW, SHARE * len(rows.x)):
        return None
    return f"The validation has {num} rows, beside {len(rows.x)} of training or more{_doubt(facts, num)}."


def epochs_unheard(facts: Facts) -> float:
    """Return for how many epochs no pass without gradients was heard; 0 where one was, or would not have been.

    It would not have been where the model's own passes are not: its parts are called. Where it passes rows more often
    than there are steps, some of these may have been a validation.
    """
    epoch = epoch_of(facts)
    if epoch is None or not epoch.known or facts.looked_rows:
        return 0.0
    beginning = min(facts.num_steps, WATCHED)
    if not 0.9 * beginning <= facts.num_passes <= beginning + 1:
        return 0.0
    share = min(1.0, LISTENED / max(1, facts.num_steps))
    return share * facts.num_examples_seen / epoch.num_rows


def _doubt(facts: Facts, num: int) -> str:
    """Return how far its error is uncertain, as a part of a sentence."""
    learned = learned_of(facts)
    if learned is None or not math.isfinite(learned.valid_error):
        return ""
    if learned.measure == "error":
        error = (learned.valid_error * num + 1) / (num + 2)
        return f": an error of {learned.valid_error:.0%} is then one of ±{2 * math.sqrt(error * (1 - error) / num):.0%}"
    return f": a squared error of {learned.valid_error:.2g} is then one of ±{2 * learned.standard_error:.2g}"


RULE = Rule(
    id="R079",
    title="Validation too small",
    severity="warning",
    causes=(("E5", 0.9),),
    why="Differences smaller than the error's own error decide when to stop and what to choose.",
    advice="Validate on more rows, a fifth of all, say; with few rows in all by cross-validation.",
    source="fault-E5",
    inject="Validate on 20 rows.",
    check=check,
    is_aside=True,
)
