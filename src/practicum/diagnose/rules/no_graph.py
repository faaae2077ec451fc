"""A loss that no parameter can be reached from: there is nothing to differentiate."""

from __future__ import annotations

from practicum.diagnose.derived.exact import is_never_reached
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

LEAST = 2
"""Losses without a gradient."""


def check(facts: Facts) -> str | None:
    """Say how many losses had no way back to the parameters."""
    if facts.num_backwards > 0:
        return None
    if facts.without_graph >= LEAST:
        return f"{facts.without_graph} losses that were looked at have no gradient (`loss.requires_grad` is false)."
    if is_never_reached(facts):
        return f"No backward pass reached a parameter, and {facts.num_updates:,} updates were made without gradients."
    return None


RULE = Rule(
    id="R003",
    title="The loss is cut off from the parameters",
    severity="critical",
    causes=(("C3", 0.9), ("A12", 0.1)),
    why="Somewhere between parameters and loss the history was dropped, so no gradient comes back.",
    advice="Look for `detach`, `.item()`, `.numpy()`, `no_grad` or a new tensor made from the output before the loss.",
    source="fault-C3",
    inject="Compute the loss of `model(x).detach()`.",
    check=check,
)
