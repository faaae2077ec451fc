"""All rules on the facts of a loop: what is wrong, the gravest first, among equals the likeliest."""

from __future__ import annotations

from practicum.core.finding import Finding
from practicum.diagnose.causes import ranked
from practicum.diagnose.rules.every import RULES
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def conclude(facts: Facts) -> tuple[Finding, ...]:
    """Return what every rule finds, the gravest first.

    A rule that stumbles (over a model that cannot be run on its own, say) is noted in `facts.failures` and left out.

    Example:
        >>> conclude(Facts())
        ()
    """
    found = [_found(rule, facts) for rule in RULES]
    return ranked([one for one in (*found, *facts.fits) if one is not None])


def _found(rule: Rule, facts: Facts) -> Finding | None:
    try:
        return rule.finding(facts)
    except Exception as error:  # noqa: BLE001 (whatever it is, the user's findings are worth more)
        said = f"{rule.id}: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        if said not in facts.failures:
            facts.failures += (said,)
        return None
