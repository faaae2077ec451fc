"""A last layer that begins with large numbers: the first steps are spent on unlearning them."""

from __future__ import annotations

import math

from practicum.diagnose.derived.before import start_before
from practicum.diagnose.derived.constant import learned_of
from practicum.diagnose.derived.ends_well import ends_well
from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.diagnose.rules.sorted_batches import check as sorted_by_target
from practicum.diagnose.rules.unscaled_inputs import check as unscaled
from practicum.monitor.facts import Facts

WILD = 9.0
"""Times the best constant's loss (of squares, its root) from which a start is a warning: less is gone in some steps."""

LEARNED = 0.5
"""Of the way from a constant to perfect: where less was learned, half of :data:`WILD` is a warning."""

FAR = 1000.0
"""Distance from the targets at which it is tried whether a loss is one of squares."""

SOUND = 5.0
"""Root mean square of what comes to the last layer, up to which it is the last layer itself that is wild."""


def check(facts: Facts) -> Evidence | None:
    """Say how high the loss began, where that is not from the layers below or the inputs."""
    start = start_before(facts)
    if start is None or start.finding is None or sorted_by_target(facts) is not None:
        return None
    found, severity = start.finding, start.finding.severity
    learned, times = learned_of(facts), start.loss / max(abs(start.prior), 1e-12)
    if _is_squared(facts):
        times = math.sqrt(max(times, 0.0))
    little = learned is None or not learned.valid > LEARNED
    if times < (WILD / 2 if little else WILD) or ends_well(facts):
        severity = "info"  # it was unlearned
    seen = unscaled(facts)
    if seen is not None and not isinstance(seen, Evidence):
        return None
    arrives = _arrives(facts)
    if arrives > SOUND:
        return Evidence(
            f"{found.evidence} What comes to the last layer has a root mean square of {arrives:.3g}.",
            severity,
            (("A3", 0.6), ("L4", 0.35)),
            found.advice,
        )
    return Evidence(found.evidence, severity, (("L4", 0.85), ("A3", 0.1)), found.advice)


def _is_squared(facts: Facts) -> bool:
    """Return whether the loss is one of squares: four times as high for outputs twice as far off."""
    rows, trained = rows_of(facts), facts.trained
    if rows is None or trained is None or trained.loss_fn is None or not rows.y.is_floating_point():
        return False
    near, far = (float(trained.loss_fn(rows.y + FAR * times, rows.y)) for times in (1, 2))
    return far > 3 * near > 0


def _arrives(facts: Facts) -> float:
    """Return how large what comes to the last layer is at the first step; 0 where nobody looked."""
    units = facts.looks[0].units if facts.looks and facts.looks[0].step == 1 else ()
    size = next((one.input_rms for one in reversed(units) if one.kind in ("linear", "convolution")), 0.0)
    return size if math.isfinite(size) else math.inf


RULE = Rule(
    id="R027",
    title="The loss starts far too high",
    severity="critical",
    causes=(("L4", 0.85), ("A3", 0.1)),
    why="A network that begins with wild outputs first unlearns them, and the large gradients hurt the layers below.",
    advice="Make the last layer's weights small, and set its bias to the mean (the log frequencies) of the targets.",
    source="fault-L4",
    inject="Multiply the last layer's weights by 50.",
    check=check,
)
