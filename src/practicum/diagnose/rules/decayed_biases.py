"""Weight decay of biases and of the gains of norms."""

from __future__ import annotations

from practicum.diagnose.derived.exact import is_explained
from practicum.diagnose.derived.helped import helped_by, share_of
from practicum.diagnose.derived.paces import DECOUPLED
from practicum.diagnose.derived.trial import Variant
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts
from practicum.monitor.look import Settings

SHRINKS = 0.3
"""Rate times decay times steps, beyond which it is worth a trial."""

MOST = 0.3
"""Of what no decay at all would gain, that sparing them alone does: then they are to blame."""


def check(facts: Facts) -> Evidence | None:
    """Say how many biases and gains decay, and how much; with a warning where sparing them would have helped."""
    groups = [one for one in facts.looks[-1].settings if one.decayed_biases] if facts.looks else []
    shrinks = max((_shrinks(one, facts.num_steps) for one in groups), default=0.0)
    if shrinks < SHRINKS or is_explained(facts):
        return None
    told = (
        f"{sum(one.decayed_biases for one in groups)} biases or gains of norms decay, by a factor of "
        f"{2.718281828**-shrinks:.2g} over the run if no gradient held against it"
    )
    helped = helped_by(facts, Variant(decays="none"))
    share = 0.0 if helped is None else share_of(facts, helped, Variant(decays="weights"))
    if helped is None or share < MOST:
        return Evidence(f"{told}.")
    text = f"{told}; sparing them alone brings {min(share, 1.0):.0%} of what no decay at all would: {helped.text}"
    return Evidence(f"{text}.", severity="warning")


def _shrinks(group: Settings, num_steps: int) -> float:
    """Return the logarithm by which decay alone shrinks what is in a group; 0 where decay adds to the gradient."""
    return group.learning_rate * group.weight_decay * num_steps if group.optimizer in DECOUPLED else 0.0


RULE = Rule(
    id="R066",
    title="Biases and gains of norms decay",
    severity="info",
    causes=(("O12", 0.9), ("O11", 0.1)),
    why="They cannot over-fit, but are drawn to zero: a norm's gain then scales its layer away.",
    advice='Put parameters of one axis in a group of their own with `"weight_decay": 0.0`.',
    source="fault-O12",
    inject="Give AdamW all parameters in one group with a decay of 3.",
    check=check,
)
