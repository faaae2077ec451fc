"""A run that ends while it still learns."""

from __future__ import annotations

from practicum.diagnose.derived.course import course_of
from practicum.diagnose.derived.decayed import stalled_by_decay
from practicum.diagnose.derived.ends_well import ends_well, has_learned
from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.paces import rows_of_update
from practicum.diagnose.derived.rates import is_better, own_clip, too_fast, too_slow
from practicum.diagnose.derived.trial import FEWEST_STEPS, STEPS, Variant, loss_now, trial_of, valid_now
from practicum.diagnose.rules import batch_too_large, batch_too_small
from practicum.diagnose.rules.rule import Causes, Evidence, Rule
from practicum.monitor.facts import Facts

FEWEST = 5
"""Steps below which a run is no more than a try."""

STILL = -0.03
"""Rise of the loss over the last third, as part of its whole fall, below which it still falls."""

LEARNED = 0.87
"""Of the way from a constant to perfect: what still falls there is mostly the loss, and hardly the error."""

LOWER = 0.85
"""Part of the validation loss of now that as many steps again, 80 at most, must bring it below."""

BY_FEW_ROWS: Causes = (("O8", 0.55), ("O14", 0.45))
"""Causes where minibatches are so small that as many steps see few rows."""


def check(facts: Facts) -> Evidence | None:
    """Say that the loss still falls, and how far it falls if the loop goes on."""
    course = course_of(facts)
    if not facts.ended or facts.num_steps < FEWEST or is_explained(facts):
        return None
    if course is not None and course.slope_share > STILL:
        return None
    if batch_too_large.check(facts) is not None:
        return None
    more = Variant(clip=own_clip(facts), num_steps=max(FEWEST_STEPS, min(STEPS, facts.num_steps)))
    now, valid, trial = loss_now(facts), valid_now(facts), trial_of(facts, more)
    begin = trial_of(facts, Variant(True, num_steps=FEWEST_STEPS))
    if now is None or trial is None or begin is None or not is_better(trial.train, now, begin.before):
        return None
    if not trial.valid <= LOWER * valid or too_slow(facts) or too_fast(facts) or stalled_by_decay(facts):
        return None
    text = (
        f"The loss still falls: {trial.num_steps} steps more bring that of the kept training rows from {now:.4g} to "
        f"{trial.train:.4g}, that of validation rows from {valid:.4g} to {trial.valid:.4g}."
    )
    enough = ends_well(facts) or has_learned(facts, LEARNED)
    return Evidence(
        text,
        severity="info" if enough else None,
        causes=BY_FEW_ROWS if 0 < rows_of_update(facts) <= batch_too_small.SMALL else None,
    )


RULE = Rule(
    id="R068",
    title="The run stops too soon",
    severity="warning",
    causes=(("O14", 0.8), ("O2", 0.1), ("O7", 0.1)),
    why="What it would still learn is free but for the time.",
    advice="Train on until the validation loss has not fallen for some epochs, at least three times as long.",
    source="fault-O14",
    inject="Stop after one epoch.",
    check=check,
    is_outcome=True,
)
