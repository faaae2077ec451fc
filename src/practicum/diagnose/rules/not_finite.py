"""A loss, inputs or targets that are no finite numbers."""

from __future__ import annotations

from practicum.diagnose.rules.bad_inputs import check as bad_inputs
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | None:
    """Say at which step the loss was no finite number for the first time."""
    if facts.first_not_finite is None or bad_inputs(facts) is not None:
        return None
    before = facts.losses[facts.first_not_finite - 2] if facts.first_not_finite > 1 else None
    told = "" if before is None else f", after {before:.4g}"
    return f"The loss of step {facts.first_not_finite} is {facts.losses[facts.first_not_finite - 1]}{told}."


RULE = Rule(
    id="R012",
    title="The loss is no finite number",
    severity="critical",
    causes=(("O15", 0.5), ("O1", 0.4), ("A5", 0.1)),
    why="From here on every weight is NaN.",
    advice="Divide the learning rate by 10; if it happens at the first steps, look for log(0), 0/0 or overflow by "
    "`practicum.check`.",
    source="fault-O15",
    inject="Take the logarithm of a probability of 0.",
    check=check,
)
