"""Outputs that went through a softmax or a sigmoid before a loss that takes another."""

from __future__ import annotations

from practicum.diagnose.derived.before import found_before
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> Evidence | None:
    """Say what the outputs went through, where the first steps did not tell already."""
    if any(one.causes[0][0] == "L1" for one in facts.fits):
        return None
    found = next((one for one in found_before(facts) if one.causes[0][0] == "L1"), None)
    return None if found is None else Evidence(found.evidence, found.severity, found.causes, found.advice)


RULE = Rule(
    id="R024",
    title="Probabilities where logits are expected",
    severity="critical",
    causes=(("L1", 0.9),),
    why="The loss cannot fall below a floor, and gradients are small where the network is sure and wrong.",
    advice="Return the logits; the loss takes the softmax or the sigmoid itself.",
    source="fault-L1, 3.2-26",
    inject="End a network for `BCEWithLogitsLoss` with a sigmoid.",
    check=check,
)
