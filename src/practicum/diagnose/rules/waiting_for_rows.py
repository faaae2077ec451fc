"""A loop that waits longer for its rows than it learns from them."""

from __future__ import annotations

from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

SHARE = 0.5
"""Of the time, beyond which the loop waits more than it works."""

LEAST = 20
"""Steps that were timed before it is said; the first ones are left out, in which much is set up."""

SETTING_UP = 5


def check(facts: Facts) -> str | None:
    """Say which share of the time passed between a step and the next one's forward pass."""
    waits, works = facts.waits[SETTING_UP:], facts.works[SETTING_UP:]
    if len(waits) < LEAST:
        return None
    # The longest pauses are left out: something else was done then.
    waited = sum(sorted(waits)[: -max(1, len(waits) // 50)])
    worked = sum(works)
    share = waited / (waited + worked) if waited + worked > 0 else 0.0
    if share < SHARE:
        return None
    return (
        f"{share:.0%} of the time of {len(waits)} steps passed between a step and the next one's forward pass: "
        f"{1000 * waited / len(waits):.3g} ms a step, beside {1000 * worked / len(works):.3g} ms of work."
    )


RULE = Rule(
    id="R069",
    title="The loop waits for its rows",
    severity="warning",
    causes=(("C9", 1.0),),
    why="The processor is idle while rows are read, decoded or put together: the run takes twice as long or more.",
    advice="Keep the rows in memory as one tensor and index it, or load them in workers ahead of time "
    "(`DataLoader(num_workers=..., pin_memory=True)`).",
    source="fault-C9, 5.1-03",
    inject="Sleep for 10 ms before each minibatch.",
    check=check,
)
