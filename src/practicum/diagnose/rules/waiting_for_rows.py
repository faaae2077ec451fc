"""A loop that waits longer for its rows than it learns from them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

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
    wait, work = max((_means(waits, works), (median(waits), median(works))), key=lambda one: _share(*one))
    share = _share(wait, work)
    if share < SHARE:
        return None
    return (
        f"{share:.0%} of the time of {len(waits)} steps passed between a step and the next one's forward pass: "
        f"{1000 * wait:.3g} ms a step, beside {1000 * work:.3g} ms of work."
    )


def _means(waits: Sequence[float], works: Sequence[float]) -> tuple[float, float]:
    """Return means without the longest tenth of each: something else was done then, or another program had its turn."""
    kept = len(waits) - max(1, len(waits) // 10)
    return fmean(sorted(waits)[:kept]), fmean(sorted(works)[:kept])


def _share(wait: float, work: float) -> float:
    return wait / (wait + work) if wait + work > 0 else 0.0


RULE = Rule(
    id="R069",
    title="The loop waits for its rows",
    severity="warning",
    causes=(("C9", 1.0),),
    why="The processor is idle while rows are read, decoded or put together: the run takes twice as long or more.",
    advice="Keep the rows in memory as one tensor and index it, or load them in workers ahead of time "
    "(`DataLoader(num_workers=..., pin_memory=True)`).",
    source="fault-C9",
    inject="Sleep for 10 ms before each minibatch.",
    check=check,
    is_aside=True,
)
