"""Parameters that require no gradient."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.shortfall import shortfall
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | Evidence | None:
    """Say which parameters are frozen, and what the network lacks."""
    if not facts.frozen:
        return None
    total = len(facts.frozen) + facts.num_trainable
    text = f"{len(facts.frozen)} of {total} parameters require no gradient: {listed(facts.frozen)}"
    try:
        lost = facts.first_not_finite is not None or is_explained(facts)
        lacks = None if lost else shortfall(facts)
    except Exception:  # noqa: BLE001 (a network that cannot be asked is frozen all the same)
        lacks = None
    return (
        f"{text}."
        if lacks is None
        else Evidence(f"{text}. {lacks}", severity="warning", causes=(("A12", 0.7),))
    )


RULE = Rule(
    id="R011",
    title="Frozen parameters",
    severity="info",
    causes=(("A12", 1.0),),
    why="What is frozen is not trained; in fine-tuning that is meant, elsewhere it is forgotten.",
    advice="If this is not meant: `parameter.requires_grad_(True)`.",
    source="fault-A12",
    inject="Call `requires_grad_(False)` on a layer.",
    check=check,
)
