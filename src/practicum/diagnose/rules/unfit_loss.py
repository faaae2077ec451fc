"""A loss that does not fit the targets: trained by the usual one, a copy errs less."""

from __future__ import annotations

from practicum.diagnose.derived.loss_trial import loss_trial
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

SURE = 3.0
"""Standard errors by which the usual loss must win."""

LESS = 0.7
"""Of the error by the loop's own loss, that the usual one must fall below."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how much less a copy errs that is trained by the usual loss, where the loop's is another."""
    trial = loss_trial(facts)
    if trial is None or trial.given - trial.usual < SURE * trial.standard_error:
        return None
    if trial.usual >= LESS * trial.given:
        return None
    return Evidence(
        f"The loss is none of the usual for these targets. From the first weights, {trial.num_steps} steps by "
        f"{trial.name} lead to an error of {trial.usual:.3g}, as many by the loop's own to {trial.given:.3g} (of "
        f"{trial.num_rows} rows that were not trained on).",
        advice=f"Use {trial.name}.",
    )


RULE = Rule(
    id="R025",
    title="A loss that does not fit the targets",
    severity="critical",
    causes=(("L2", 0.85), ("L6", 0.1)),
    why="What is made small is then not what is wanted.",
    advice="Use cross-entropy for classes, binary cross-entropy for yes and no, squared or absolute error for numbers.",
    source="fault-L2, 3.2-26",
    inject="Take the squared difference of class numbers.",
    check=check,
)
