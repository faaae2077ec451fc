"""A rule: what it looks for in the facts of a training loop, why that hurts, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from practicum.core.finding import Finding, Severity
from practicum.monitor.facts import Facts

Causes = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a check saw, where it can say more than a sentence.

    Attributes:
        text: a sentence with the numbers.
        severity: of this case, where it is not the rule's.
        causes: likewise.
        advice: likewise.
    """

    text: str
    severity: Severity | None = None
    causes: Causes | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: "R" and three digits; never given to another rule.
        title: what is wrong, in a few words.
        severity: of its findings.
        causes: faults of the guide with probabilities, likeliest first.
        why: how it hurts.
        advice: what to do.
        source: keys of the guide, or papers.
        inject: how to make it happen, for whoever wants to see the rule at work.
        check: returns the evidence, a sentence with numbers (or an :class:`Evidence`), or None.
        is_outcome: whether it says how the run ended; where another finding says why, and is surer, it is no warning.
        is_aside: whether it costs time, memory or certainty alone, so that it cannot be why a run ended badly.

    Source:
        Bengio 2012, 4.1: verdicts with their reasons; catalogue of faults in the guide.
    """

    id: str
    title: str
    severity: Severity
    causes: Causes
    why: str
    advice: str
    source: str
    inject: str
    check: Callable[[Facts], str | Evidence | None]
    is_outcome: bool = False
    is_aside: bool = False

    def finding(self, facts: Facts) -> Finding | None:
        """Return what the rule finds in ``facts``."""
        said = self.check(facts)
        if said is None:
            return None
        seen = Evidence(said) if isinstance(said, str) else said
        return Finding(
            self.id,
            seen.severity or self.severity,
            seen.causes or self.causes,
            seen.text,
            seen.advice or self.advice,
            self.source,
        )
