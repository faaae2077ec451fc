"""A loss that is no finite number, and what made it so."""

from __future__ import annotations

import math

from practicum.diagnose.derived.rates import Kind, too_fast
from practicum.diagnose.derived.trial import Variant, trial_of
from practicum.diagnose.rules import exploding
from practicum.diagnose.rules.bad_inputs import check as bad_inputs
from practicum.diagnose.rules.rule import Causes, Evidence, Rule
from practicum.monitor.facts import Facts

LEAST = 20
"""Gradients before it is said: a scaler that begins at 2 to the 16 has halved it below one by then."""

GROWN = 3.0
"""Times the first loss, before the first that is not finite: it grew, by a rate that is too high."""

RECENT = 5
"""Losses, the last finite ones, of which one had grown; in as few steps from the start none needs to have."""

AT_ONCE = 1
"""Step up to which no rate can be to blame."""

SLOWER = 0.01
"""Part of the rate with which it is tried again."""

RATE: Causes = (("O1", 0.7), ("A5", 0.15), ("O15", 0.15))
EXPLODES: Causes = (("A5", 0.6), ("O15", 0.15), ("O1", 0.15))
BY_KIND: dict[Kind, Causes] = {
    "rate": RATE,
    "momentum": (("O9", 0.75), ("O1", 0.15), ("A5", 0.1)),
    "both": (("O3", 0.6), ("O1", 0.3), ("A5", 0.1)),
}
SUMMED: Causes = (("L5", 0.8), ("O1", 0.15), ("O15", 0.05))
OPERATION: Causes = (("O15", 0.9), ("O1", 0.05), ("A5", 0.05))


def check(facts: Facts) -> Evidence | None:
    """Say at which step the loss was no finite number for the first time, and whether a lower rate would avoid it."""
    first = facts.first_not_finite
    if first is None and facts.num_updates == 0 and facts.overflows >= LEAST:
        share = f"{facts.overflows} of {facts.num_backwards} backward passes"
        return Evidence(f"No update was made: the gradients of {share} hold NaN or infinity.")
    if first is None or bad_inputs(facts) is not None:
        return None
    before = facts.losses[first - 2] if first > 1 else None
    told = "" if before is None else f", after {before:.4g}"
    text = f"The loss of step {first} is {facts.losses[first - 1]}{told}"
    summed = any(one.causes[0][0] == "L5" for one in facts.fits)
    if summed or exploding.check(facts) is not None:
        return Evidence(f"{text}.", causes=SUMMED if summed else EXPLODES)
    slower = trial_of(facts, Variant(True, rate=SLOWER)) if first > AT_ONCE else None
    recent = [abs(one) for one in facts.losses[max(0, first - 1 - RECENT) : first - 1]]
    grown = max(recent, default=0.0) > GROWN * abs(facts.losses[0])
    if slower is not None and slower.train < math.inf and (grown or first <= RECENT):
        text += f"; at a hundredth of the rate {slower.num_steps} steps stay finite, and end at {slower.train:.4g}"
        fast = too_fast(facts)
        return Evidence(f"{text}.", causes=BY_KIND[fast.kind if fast is not None else "rate"])
    if slower is not None:
        why = "it had not grown" if slower.train < math.inf else "at a hundredth of the rate it is no better"
        text += f"; {why}, so an operation is to blame, such as log(0) or 0/0"
    if slower is not None or first <= AT_ONCE:
        return Evidence(f"{text}.", causes=OPERATION)
    return Evidence(f"{text}.", causes=RATE if grown else (("O15", 0.5), ("O1", 0.4), ("A5", 0.1)))


RULE = Rule(
    id="R012",
    title="The loss is no finite number",
    severity="critical",
    causes=(("O15", 0.5), ("O1", 0.4), ("A5", 0.1)),
    why="From here on every weight is NaN.",
    advice="Divide the learning rate by 10; if it happens at the first steps, look for log(0), 0/0 or overflow by "
    "`practicum.check`.",
    source="fault-O15",
    inject="Take the logarithm of a probability of 0.",
    check=check,
)
