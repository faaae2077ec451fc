"""Rows of a batch that see each other."""

from __future__ import annotations

from practicum.diagnose.derived.before import found_before
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> Evidence | None:
    """Say how much the output of one row changes by other rows, in evaluation mode."""
    found = next((one for one in found_before(facts) if one.causes[0][0] == "L9"), None)
    return None if found is None else Evidence(found.evidence, "critical", found.causes, found.advice)


RULE = Rule(
    id="R029",
    title="Rows of a batch are mixed",
    severity="critical",
    causes=(("L9", 0.9),),
    why="The answer to a row then depends on its company, which is another in use.",
    advice="Keep the first axis for the rows: `transpose` or `permute` where `view` or `reshape` mixes axes.",
    source="fault-L9",
    inject="Reshape (B, H) to (H, B) by `view`, and transpose.",
    check=check,
)
