"""Outputs that go through a unit which cannot give the targets, or has no gradient where it is flat."""

from __future__ import annotations

from practicum.diagnose.derived.before import found_before
from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

CERTAIN = 0.9
"""Probability of a cause from which targets cannot be reached at all."""

LEARNED = 0.5
"""Of the way from a constant to perfect: a network of numbers that went so far lives with its flat parts."""


def check(facts: Facts) -> Evidence | None:
    """Say what the outputs go through."""
    found = [one for one in found_before(facts) if one.causes[0][0] == "L3"]
    if not found:
        return None
    worst = max(found, key=lambda one: one.causes[0][1])
    text = " ".join(one.evidence for one in found)
    if worst.causes[0][1] >= CERTAIN:
        return Evidence(text, "critical", worst.causes, worst.advice)
    learned = learned_of(facts)
    fine = learned is not None and learned.measure == "squared" and learned.valid > LEARNED
    return Evidence(text, "info" if fine else "warning", (("L3", 0.8),), worst.advice)


RULE = Rule(
    id="R026",
    title="Outputs cannot reach the targets",
    severity="critical",
    causes=(("L3", 0.95),),
    why="Targets outside the range of the last unit are never met, and where it is flat nothing is learned.",
    advice="Leave the output linear, or rescale the targets.",
    source="fault-L3, 3.2-25",
    inject="End a regression with a rectifier or a tanh.",
    check=check,
)
