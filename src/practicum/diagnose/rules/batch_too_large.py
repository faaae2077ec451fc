"""Minibatches so large that there are hardly any updates."""

from __future__ import annotations

import math

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.rates import is_better
from practicum.diagnose.derived.schedule import epoch_of
from practicum.diagnose.derived.trial import STEPS, Variant, loss_now, trial_of, valid_now
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

FEW = 8.5
"""Updates an epoch below which minibatches may be too large."""

ROWS = 256
"""Fewer may well be taken all at once."""

USUAL = 32
"""Rows of a minibatch that are tried instead [2.1-06]."""

LONGEST = 3 * STEPS
"""Updates of that trial."""


def check(facts: Facts) -> str | None:
    """Say how few updates an epoch has, and how far as many rows go in smaller minibatches."""
    epoch = epoch_of(facts)
    if epoch is None or not epoch.known or epoch.num_steps > FEW or epoch.num_rows < ROWS:
        return None
    if facts.batch_size < 2 * USUAL:
        return None
    if is_explained(facts):
        return None
    part = USUAL / facts.batch_size
    as_many = max(1, min(LONGEST, math.floor(facts.num_steps / part)))
    now, trial = loss_now(facts), trial_of(facts, Variant(True, batch=part, num_steps=as_many))
    if now is None or trial is None or not is_better(trial.train, now, trial.before):
        return None
    if trial.valid > valid_now(facts):
        return None
    return (
        f"Minibatches of {facts.batch_size} of {epoch.num_rows} rows make {epoch.num_steps:.1f} updates an epoch, "
        f"{facts.num_steps} in all, and bring the loss of the kept rows to {now:.4g}; {trial.num_steps} updates by "
        f"{USUAL} rows each, {trial.num_steps * USUAL:,} rows in all, bring it to {trial.train:.4g}."
    )


RULE = Rule(
    id="R061",
    title="Minibatches are too large",
    severity="warning",
    causes=(("O7", 0.85), ("O14", 0.15)),
    why="Beyond the noise of the gradient more rows make an update no better, only rarer.",
    advice="Take minibatches of 32 rows (and a somewhat lower rate if the loss then jumps), or many more epochs.",
    source="fault-O7",
    inject="Take half of all rows as a minibatch, for as many epochs as before.",
    check=check,
)
