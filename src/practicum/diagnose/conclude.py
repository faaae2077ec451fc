"""All rules on the facts of a loop: what is wrong, the gravest first, among equals the likeliest."""

from __future__ import annotations

from practicum.core.finding import Finding
from practicum.diagnose.causes import posterior, ranked
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.rules.every import RULES
from practicum.diagnose.rules.rule import Rule
from practicum.diagnose.seen import NONE
from practicum.monitor.facts import Facts

MOST = 5
"""Causes that are told of a run."""


def conclude(facts: Facts) -> tuple[Finding, ...]:
    """Return what every rule finds, the gravest first, among equals the likeliest.

    Example:
        >>> conclude(Facts())
        ()
    """
    return ranked(found(facts))


@kept
def found(facts: Facts) -> tuple[Finding, ...]:
    """Return what every rule finds, in the order of the rules, as each says by itself.

    A rule that stumbles (over a model that cannot be run by itself on the rows that were given, say) is left out, and
    why is noted in `facts.unasked`.
    """
    every = [_found(rule, facts) for rule in RULES]
    return tuple(one for one in (*every, *facts.fits) if one is not None)


def causes(facts: Facts) -> tuple[tuple[str, float], ...]:
    """Return the faults that all findings together point to, with probabilities of the whole run, likeliest first.

    What is left to one is the probability that it is another fault, or none. Empty without a finding of weight.

    Example:
        >>> causes(Facts())
        ()
    """
    findings = found(facts)
    if all(one.severity == "info" for one in findings):
        return ()
    chances = {fault: share for fault, share in posterior(findings).items() if fault != NONE}
    for one in ranked(findings):
        if one.severity != "info":
            for fault, share in one.causes:
                chances.setdefault(fault, share)
    return tuple(sorted(chances.items(), key=lambda one: -one[1])[:MOST])


def _found(rule: Rule, facts: Facts) -> Finding | None:
    """Return what one rule finds; None where it stumbles."""
    try:
        return rule.finding(facts)
    except Exception as error:  # noqa: BLE001 (whatever it is, the user's findings are worth more)
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        if said not in facts.unasked:
            facts.unasked += (said,)
        return None
