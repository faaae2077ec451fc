"""Inputs or targets that hold NaN or infinities, and a loss that does."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | None:
    """Say where the numbers came in that made the loss no finite number."""
    if facts.bad_inputs is not None:
        step, name = facts.bad_inputs
        return f"The {name} of step {step} hold NaN or infinities, and its loss is the first that is no finite number."
    if facts.first_not_finite is None:
        return None
    for step, (inputs, targets) in zip(facts.sample.first.steps, facts.sample.first.batches, strict=True):
        for name, given in (("inputs", inputs), ("targets", targets)):
            bad = given is not None and given.is_floating_point() and not bool(given.isfinite().all())
            if bad and step <= facts.first_not_finite:
                return (
                    f"The {name} of step {step} hold NaN or infinities; the loss of step {facts.first_not_finite} "
                    "is the first that is no finite number."
                )
    return None


RULE = Rule(
    id="R013",
    title="NaN or infinities in inputs or targets",
    severity="critical",
    causes=(("D3", 1.0),),
    why="One such number makes the loss, and with it every weight, NaN.",
    advice="Fill missing values (and add an input that says so) before training.",
    source="fault-D3",
    inject="Set one input in a thousand to NaN.",
    check=check,
)
