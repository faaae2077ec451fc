"""A backward pass that somebody wrote, and that is not the derivative of its forward pass."""

from __future__ import annotations

from practicum.data.notes import listed
from practicum.diagnose.derived.own_backwards import wrong_backwards
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def check(facts: Facts) -> str | Evidence | None:
    """Say in which module the gradient differs from finite differences, where a model has a backward of its own."""
    found = wrong_backwards(facts)
    if found is None or not found.modules:
        return None
    return Evidence(
        f"The model has a backward pass of its own ({listed(found.functions)}), and the gradient that "
        f"{listed([one or 'the model itself' for one in found.modules])} passes on is not what finite differences say."
    )


RULE = Rule(
    id="R046",
    title="A wrong backward pass",
    severity="critical",
    causes=(("A15", 0.95),),
    why="The steps then lower something else than the loss.",
    advice="Mend `backward`; `practicum.check_gradients` shows which derivatives are wrong, and by how much. If it is "
    "wrong on purpose (a straight-through estimate, a reversed gradient), all is well.",
    source="4.1-01, 4.1-05, fault-A15",
    inject="Return half of the gradient from a function's `backward`.",
    check=check,
)
