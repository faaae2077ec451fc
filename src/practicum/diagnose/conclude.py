"""All rules on the facts of a loop: what is wrong, the gravest first, and what it all points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from practicum.core.finding import SEVERITIES, Finding
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.rules.every import RULES
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

MOST = 5
"""Causes that are told of a run."""


@kept
def conclude(facts: Facts) -> tuple[Finding, ...]:
    """Return what every rule finds, the gravest first, among equals the surest.

    A rule that says how the run ended gives no warning where another finding of weight says why, and is surer of it.

    A rule that stumbles (over a model that cannot be run by itself on the rows that were given, say) is left out, and
    why is noted in `facts.unasked`.

    Example:
        >>> conclude(Facts())
        ()
    """
    every = [_found(rule, facts) for rule in RULES]
    found = _without_consequences([one for one in (*every, *facts.fits) if one is not None])
    return tuple(sorted(found, key=lambda one: (-SEVERITIES.index(one.severity), -_surest(one))))


def causes(facts: Facts) -> tuple[tuple[str, float], ...]:
    """Return the faults that findings of weight name; see :func:`causes_of`.

    Example:
        >>> causes(Facts())
        ()
    """
    return causes_of(conclude(facts))


def causes_of(found: Sequence[Finding]) -> tuple[tuple[str, float], ...]:
    """Return the faults that findings of weight name, each with its highest probability, likeliest first.

    What is left to one is the probability that it is another fault, or none. Empty without a finding of weight.
    """
    chances: dict[str, float] = {}
    for one in found:
        if one.severity != "info":
            for fault, share in one.causes:
                chances[fault] = max(share, chances.get(fault, 0.0))
    return tuple(sorted(chances.items(), key=lambda one: -one[1])[:MOST])


def _without_consequences(found: Sequence[Finding]) -> list[Finding]:
    """Return findings, those about the outcome as mere information where a surer one says where it comes from."""
    outcomes = {rule.id for rule in RULES if rule.is_outcome}
    no_cause = outcomes | {rule.id for rule in RULES if rule.is_aside}
    weighty = [_surest(one) for one in found if one.severity != "info" and one.rule not in no_cause]
    surest = max(weighty, default=0.0)
    return [
        replace(one, severity="info") if one.rule in outcomes and _surest(one) < surest else one
        for one in found
    ]


def _surest(finding: Finding) -> float:
    """Return the probability of its first cause."""
    return finding.causes[0][1] if finding.causes else 0.0


def _found(rule: Rule, facts: Facts) -> Finding | None:
    """Return what one rule finds; None where it stumbles."""
    try:
        return rule.finding(facts)
    except Exception as error:  # noqa: BLE001 (whatever it is, the user's findings are worth more)
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        if said not in facts.unasked:
            facts.unasked += (said,)
        return None
