"""Parameters that require no gradient."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.derived.baselines import baselines_of
from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

ERRORS = 2.0
"""Standard errors by which validation must be worse than a simple model's, for more than "worth knowing"."""


def check(facts: Facts) -> str | Evidence | None:
    """Say which parameters are frozen, and whether the network does worse than a simple model."""
    if not facts.frozen:
        return None
    total = len(facts.frozen) + facts.num_trainable
    text = f"{len(facts.frozen)} of {total} parameters require no gradient: {listed(facts.frozen)}"
    try:
        learned, simple = learned_of(facts), baselines_of(facts)
    except Exception:  # noqa: BLE001 (a network that cannot be asked is frozen all the same)
        return f"{text}."
    if learned is None or simple is None or learned.measure != simple.measure or not simple.apart:
        return f"{text}."
    if learned.valid_error > simple.best + ERRORS * learned.standard_error:
        told = f"the network's validation error is {learned.valid_error:.3g}, that of a simple model {simple.best:.3g}"
        return Evidence(f"{text}; {told}.", severity="warning")
    return f"{text}."


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
