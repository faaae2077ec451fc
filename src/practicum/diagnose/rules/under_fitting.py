"""A network without hidden layers, for data that ask for more."""

from __future__ import annotations

from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.derived.structure import structure_of
from practicum.diagnose.derived.widths import has_recurrence
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | Evidence | None:
    """Say that there is one layer alone, where the network lacks something."""
    structure = structure_of(facts)
    if structure is None or structure.num_layers != 1 or has_recurrence(facts):
        return None
    lacks = shortfall(facts)
    return (
        None
        if lacks is None
        else Evidence(f"The network has one layer of weights, and no hidden one. {lacks}")
    )


RULE = Rule(
    id="R076",
    title="Under-fitting",
    severity="warning",
    causes=(("E2", 0.85), ("A9", 0.1)),
    why="One layer of weights draws a plane through the data, whatever their shape.",
    advice="Add a hidden layer or two, wider than needed, and regularise.",
    source="4.1-08, fault-E2",
    inject="Leave the hidden layers out.",
    check=check,
)
