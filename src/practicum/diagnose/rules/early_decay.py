"""A learning rate that is as good as zero long before the run is over."""

from __future__ import annotations

from practicum.diagnose.derived.decayed import stalled_by_decay
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> Evidence | None:
    """Say when the rate had become low, and what the rate of before would still do."""
    found = stalled_by_decay(facts)
    return None if found is None or found.each_step else Evidence(f"{found.text}.")


RULE = Rule(
    id="R059",
    title="The learning rate decays too early",
    severity="warning",
    causes=(("O5", 0.8), ("O6", 0.2)),
    why="With hardly any rate left the weights stand still, wherever they are.",
    advice="Stretch the schedule so that the rate is low only in the last tenth of the steps.",
    source="fault-O5",
    inject="Divide the rate by 10 every epoch.",
    check=check,
)
