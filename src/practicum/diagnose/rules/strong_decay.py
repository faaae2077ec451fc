"""Weight decay that is stronger than what the gradient can keep up against."""

from __future__ import annotations

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.helped import helped_by
from practicum.diagnose.derived.paces import paces_of
from practicum.diagnose.derived.trial import Variant
from practicum.diagnose.rules import decayed_biases
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

STRONG = 0.3
"""Of the gradient (of the step, where decay is decoupled) that decay makes: from here on it may be too strong."""

SHRUNK = 0.7
"""Part of their first length that weights have shrunk to: likewise."""


def check(facts: Facts) -> str | None:
    """Say how decay and gradient compare, what became of the weights, and how far the loop gets without."""
    paces = paces_of(facts)
    decay = max((one.weight_decay for look in facts.looks[-1:] for one in look.settings), default=0.0)
    if paces is None or decay <= 0 or is_explained(facts):
        return None
    if not (paces.decay > STRONG or paces.norm < SHRUNK):
        return None
    helped = helped_by(facts, Variant(decays="none"))
    if helped is None:
        return None
    biases = decayed_biases.check(facts)
    if biases is not None and biases.severity == "warning":
        return None
    return (
        f"Weight decay {decay:g} is {paces.decay:.2g} of the gradient's part, and the weights are {paces.norm:.2f} "
        f"times as long as at first; {helped.text}."
    )


RULE = Rule(
    id="R065",
    title="Weight decay is too strong",
    severity="warning",
    causes=(("O11", 0.9), ("E2", 0.1)),
    why="Weights shrink faster than they learn, and the outputs tend to a constant.",
    advice="Divide the weight decay by 10, more than once if it helps; search it on a logarithmic scale.",
    source="fault-O11",
    inject="Set `weight_decay=1` of Adam.",
    check=check,
)
