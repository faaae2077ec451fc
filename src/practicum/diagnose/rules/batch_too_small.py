"""Minibatches of one to four rows, whose gradients are mostly noise."""

from __future__ import annotations

from dataclasses import replace

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.paces import paces_of, rows_of_update
from practicum.diagnose.derived.rates import is_better, own_clip
from practicum.diagnose.derived.trial import Variant, loss_now, trial_of, valid_now
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

SMALL = 4
"""Rows of a minibatch up to which it may be too small."""

MORE = 16
"""Times as many rows that are tried."""

BETTER = 0.85
"""Part of the loss that as many steps of as few rows bring, which these must be below."""


def check(facts: Facts) -> str | None:
    """Say how noisy the gradient is, and how far larger minibatches go from here."""
    paces = paces_of(facts)
    if paces is None or not 1 <= rows_of_update(facts) <= SMALL or is_explained(facts):
        return None
    plain = Variant(clip=own_clip(facts))
    now, same, more = (
        loss_now(facts),
        trial_of(facts, plain),
        trial_of(facts, replace(plain, batch=float(MORE))),
    )
    begin = trial_of(facts, replace(plain, from_start=True))
    if now is None or same is None or more is None or begin is None:
        return None
    if not is_better(more.train, now, begin.before) or more.valid > valid_now(facts):
        return None
    if not more.train < BETTER * same.train:
        return None
    return (
        f"Minibatches have {rows_of_update(facts)} rows, gradients that follow each other a cosine of "
        f"{paces.alignment:.2f}; with {MORE} times as many rows, {more.num_steps} updates from here lower the loss of "
        f"the kept rows from {now:.4g} to {more.train:.4g} (to {same.train:.4g} with as many as now)."
    )


RULE = Rule(
    id="R062",
    title="Minibatches are too small",
    severity="warning",
    causes=(("O8", 0.85), ("O1", 0.15)),
    why="The gradient of so few rows is mostly noise: steps undo each other, at the cost of good ones.",
    advice="Take minibatches of 32 rows; or lower the learning rate, which averages over more of them.",
    source="fault-O8",
    inject="Take minibatches of a single row.",
    check=check,
)
