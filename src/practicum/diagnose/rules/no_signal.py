"""Inputs that say nothing, or little, of the targets: whatever the network, there is not more to learn."""

from __future__ import annotations

import math

from practicum.checks.forests import OutOfFold, Skill, forest_guesses
from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.derived.course import validations_of
from practicum.diagnose.derived.judged import judged_train, judged_valid
from practicum.diagnose.derived.table import Table, forest_of, line_of, table_of
from practicum.diagnose.rules.empty_columns import check as empty_columns
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.diagnose.rules.wrong_labels import check as wrong_labels
from practicum.monitor.facts import Facts

POOR = 0.65
"""Of the way from a constant to perfect that the network went on new rows; where it went further, nothing is asked."""

LITTLE, SOME = 0.15, 0.3
"""Skill of the best simple model below which inputs say little; and up to which it is worth knowing, of a hard task."""

AHEAD = 0.15
"""By how much more of the way a network went than simple models, before it is left at that."""

FALLS = 0.03
"""Share by which the loss of new rows fell in the last third of the validations, while one waits for more."""

SURE = 2.5
"""Standard errors that a skill must have to be one."""

HINT = 1.0
"""Likewise, from which something may be there after all: rows that were mixed up have less."""

CERTAIN = 5.0
"""Likewise, of a few that are looked at because others have none."""

LEAST_ROWS = 100
"""Below so many nothing is said."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how little simple models learn from these rows, where the network learned little too."""
    table = table_of(facts)
    if table is None or len(table.y) < LEAST_ROWS or not _went(facts) < POOR:
        return None
    forest, line = forest_of(facts), line_of(facts)
    skills = [one.skill for one in (forest, line) if one is not None]
    best = max(skills, key=lambda one: one.value / one.standard_error)
    told = f"on {len(table.y):,} training rows {_number(max(skills, key=lambda one: one.value))}"
    if best.value <= SURE * best.standard_error:
        apart = _of_valid(table)
        if apart is not None and apart.value > CERTAIN * apart.standard_error:
            text = (
                f"Inputs say nothing of the targets: the skill of a forest and of a linear model is {told}, but on "
                f"validation rows {_number(apart)}."
            )
            return Evidence(text, "critical", (("D5", 0.95),))
        text = f"Inputs say nothing of the targets: a forest and a linear model have a skill of {told} (1 is perfect)."
        hint = best.value > HINT * best.standard_error
        causes = (("D12", 0.6), ("D5", 0.4)) if hint else (("D5", 0.65), ("D12", 0.35))
        lost = empty_columns(facts)
        explained = lost is not None and lost.severity == "warning"
        return Evidence(text, "warning" if explained else "critical", causes)
    if max(one.value for one in skills) >= SOME or wrong_labels(facts) is not None or _improves(facts):
        return None
    text = (
        f"Inputs say little of the targets: of a forest and a linear model the better has a skill of {told}."
    )
    better = _went(facts) > AHEAD + max(_share(one) for one in (forest, line) if one is not None)
    some = max(one.value for one in skills) >= LITTLE
    return Evidence(text, "info" if better or some else "warning", (("D12", 0.7), ("D6", 0.2), ("D5", 0.1)))


def _improves(facts: Facts) -> bool:
    """Return whether the loss of new rows still fell in the last third of the validations."""
    losses = [loss for _, loss, _ in validations_of(facts)]
    cut = len(losses) * 2 // 3
    return cut > 0 and min(losses[cut:]) < (1 - FALLS) * min(losses[:cut])


def _share(given: OutOfFold) -> float:
    """Return how far a simple model went from a constant to perfect, in what networks are judged by."""
    if given.truth.shape[1] == 1:
        return given.skill.value
    truth = given.truth.argmax(1)
    wrong, constant = (
        float((given.guess.argmax(1) != truth).mean()),
        1 - float(given.truth.mean(0).max()),
    )
    return 1 - wrong / constant


def _went(facts: Facts) -> float:
    """Return how far the network came on new rows, or on its own where there are none; 0 where nobody knows."""
    learned = learned_of(facts)
    if learned is not None:
        return learned.train if math.isnan(learned.valid) else learned.valid
    judged = judged_valid(facts) or judged_train(facts)
    return 0.0 if judged is None or judged.constant == 0 else 1 - judged.error / judged.constant


def _of_valid(table: Table) -> Skill | None:
    """Return what a forest learns of validation rows from each other."""
    if table.valid_x is None or table.valid_y is None or len(table.valid_y) < LEAST_ROWS:
        return None
    return forest_guesses(table.valid_x, table.valid_y, table.task).skill


def _number(skill: Skill) -> str:
    return f"{skill.value:.3f} ± {skill.standard_error:.3f}"


RULE = Rule(
    id="R017",
    title="Inputs say nothing of the targets",
    severity="critical",
    causes=(("D5", 0.65), ("D12", 0.35)),
    why="A network can then only learn its training rows by heart, whatever its size and its rate.",
    advice="Check that inputs and targets of a row belong together (joins, sorting, shuffling only one of them); "
    "if they do, better inputs are needed, not more training.",
    source="fault-D5, fault-D12, 4.1-08",
    inject="Shuffle the targets.",
    check=check,
)
