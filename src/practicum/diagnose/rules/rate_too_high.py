"""A learning rate that is too high: a lower one gets further in fewer steps."""

from __future__ import annotations

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.gains import gains_of
from practicum.diagnose.derived.rates import too_fast
from practicum.diagnose.rules import exploding, not_finite
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

HOPELESS = 0.5
"""Part of the first loss above which the run has come to nothing."""


def check(facts: Facts) -> Evidence | None:
    """Say how far lower rates get, where steps are large or the loss has risen."""
    if is_explained(facts) or exploding.grows(gains_of(facts)):
        return None
    found = too_fast(facts)
    if found is None or found.kind != "rate":
        return None
    lost = not_finite.check(facts)
    if lost is not None and lost.causes is not None and lost.causes[0][0] == "O15":
        return None
    hopeless = found.now > HOPELESS * found.start
    return Evidence(
        f"The learning rate is too high: {found.text}.", severity="critical" if hopeless else "warning"
    )


RULE = Rule(
    id="R055",
    title="The learning rate is too high",
    severity="warning",
    causes=(("O1", 0.85), ("O3", 0.1), ("A5", 0.05)),
    why="Steps that are too long climb the far wall of the valley: the loss stays high, swings or grows without end.",
    advice="Divide the learning rate by 10, then try thirds: the best is usually within a factor of 2 of the highest "
    "that does not diverge.",
    source="fault-O1",
    inject="Multiply the learning rate by 30 to 300.",
    check=check,
)
