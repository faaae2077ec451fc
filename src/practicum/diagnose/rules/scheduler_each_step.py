"""A scheduler that counts epochs and is stepped at every minibatch."""

from __future__ import annotations

from practicum.diagnose.derived.decayed import stalled_by_decay
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> Evidence | None:
    """Say how often the rate changed within an epoch, and what the rate of before would still do."""
    found = stalled_by_decay(facts)
    if found is None or not found.each_step:
        return None
    return Evidence(f"The rate changed {found.changes:.3g} times an epoch. {found.text}.")


RULE = Rule(
    id="R060",
    title="The scheduler steps at every minibatch",
    severity="warning",
    causes=(("O6", 0.8), ("O5", 0.2)),
    why="A schedule that is meant for epochs is over after a few minibatches.",
    advice="Call `scheduler.step()` once an epoch, or give the schedule its periods in minibatches.",
    source="fault-O6",
    inject="Move `scheduler.step()` of a schedule by epochs into the inner loop.",
    check=check,
)
