"""Inputs of which a few values lie far out: what was scaled by them leaves no room for the rest."""

from __future__ import annotations

from practicum.checks.columns import FAR_TAIL, Array, tail_length
from practicum.diagnose.derived.ends_well import ends_well
from practicum.diagnose.derived.table import columns
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

LEAST_ROWS = 100
"""Below so many nothing is said of tails."""


FAR_OUT = 6.0
"""Deviations that the farthest value must be away too: inputs that are mostly zero have quartiles close together."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how many columns have a heavy tail, and how far out the worst reaches."""
    x = columns(facts)
    if x is None or len(x) < LEAST_ROWS:
        return None
    lengths = [tail_length(x[:, place]) for place in range(x.shape[1]) if _reaches_far(x[:, place])]
    far = [one for one in lengths if one > FAR_TAIL]
    if not far:
        return None
    text = (
        f"In {len(far)} of {x.shape[1]} input columns the farthest thousandth of the values lies {max(far):,.0f} "
        f"quartile distances out (at most; {FAR_TAIL:g} is much)."
    )
    return Evidence(text, severity="info") if ends_well(facts) else text


def _reaches_far(values: Array) -> bool:
    """Return whether the farthest value is far out in deviations as well."""
    return bool(abs(values - values.mean()).max() > FAR_OUT * values.std())


RULE = Rule(
    id="R016",
    title="Inputs with heavy tails",
    severity="warning",
    causes=(("D4", 0.9), ("D1", 0.1)),
    why="A few rows make the largest gradients, and a deviation that they blow up squeezes all others together.",
    advice="Take logarithms or ranks of such columns, or clip them at some quartile distances, before standardising.",
    source="fault-D4, 3.2-41",
    inject="Add a hundred times a Cauchy number to one cell in a hundred, then standardise.",
    check=check,
)
