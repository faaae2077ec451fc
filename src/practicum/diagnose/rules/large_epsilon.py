"""An ε that outweighs the gradient in an adaptive optimiser."""

from __future__ import annotations

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.helped import helped_by
from practicum.diagnose.derived.paces import paces_of
from practicum.diagnose.derived.trial import Variant
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

SHARE = 0.5
"""Of all numbers, whose rate ε holds up."""

USUAL = 1e-8
LARGE = 1e-6
"""ε from which on it may be at fault."""


def check(facts: Facts) -> str | None:
    """Say of how many numbers ε sets the rate, and how far the usual one gets."""
    paces = paces_of(facts)
    epsilon = max((one.epsilon for look in facts.looks[:1] for one in look.settings), default=0.0)
    if paces is None or not epsilon >= LARGE or not paces.epsilon > SHARE or is_explained(facts):
        return None
    helped = helped_by(facts, Variant(epsilon=USUAL))
    if helped is None:
        return None
    return (
        f"ε = {epsilon:g} outweighs the gradient's size in {paces.epsilon:.0%} of all numbers; {helped.text}."
    )


RULE = Rule(
    id="R064",
    title="Adam's ε is too large",
    severity="warning",
    causes=(("O10", 0.9), ("O2", 0.1)),
    why="The step is then the gradient over ε: small, and no longer adapted to each weight.",
    advice="Leave ε at 1e-8 (1e-6 at most), or raise the learning rate as ε is raised.",
    source="fault-O10",
    inject="Set `eps=1` of Adam.",
    check=check,
)
