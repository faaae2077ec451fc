"""What is most likely wrong, given all that was found: Bayes' rule on counts from runs whose fault was known.

Each rule names causes by itself; several that fire together say more. A rate that is too high kills units and makes
losses jump: three findings, one cause.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from practicum.core.finding import SEVERITIES, Finding
from practicum.diagnose.seen import NONE, Seen, known, mark_of

PRIOR_RUNS = 1.0
"""Runs that are added to each count, spread as the mark is over all faults: no count is zero."""

SOUND_WEIGHT = 1.0
"""How much likelier than one fault it is before looking that nothing is wrong."""


def posterior(findings: Sequence[Finding], seen: Seen | None = None) -> dict[str, float]:
    r"""Return the probability of each fault of the table ("none": of no fault), likeliest first.

    Args:
        findings: all of one run, of whatever severity.
        seen: counts; by default those that were measured.

    Returns:
        Empty where the table is, or where none of its marks was found.

    Example:
        >>> from practicum.diagnose.seen import parse
        >>> seen = parse("C1 10 R001:C1=10 R060:O1=5\nO1 10 R060:O1=10\nnone 20")
        >>> found = Finding("R060", "warning", (("O1", 0.5),), "e", "a", "s")
        >>> next(iter(posterior([found], seen)))
        'O1'
    """
    counts = known() if seen is None else seen
    marks = {mark_of(one) for one in findings} & set(counts.marks)
    if not counts.runs or not marks:
        return {}
    every = sum(counts.runs.values())
    overall = {
        mark: (sum(own.get(mark, 0) for own in counts.fired.values()) + 0.5) / (every + 1)
        for mark in counts.marks
    }
    logs = {fault: _log(fault, marks, overall, counts) for fault in counts.runs}
    highest = max(logs.values())
    shares = {fault: math.exp(value - highest) for fault, value in logs.items()}
    total = sum(shares.values())
    return dict(sorted(((fault, share / total) for fault, share in shares.items()), key=lambda one: -one[1]))


def _log(fault: str, marks: set[str], overall: dict[str, float], counts: Seen) -> float:
    """Return the log of prior times likelihood of one fault."""
    runs, fired = counts.runs[fault], counts.fired[fault]
    total = math.log(SOUND_WEIGHT) if fault == NONE else 0.0
    for mark in counts.marks:
        chance = (fired.get(mark, 0) + PRIOR_RUNS * overall[mark]) / (runs + PRIOR_RUNS)
        chance = min(max(chance, 1e-6), 1 - 1e-6)
        total += counts.power * math.log(chance if mark in marks else 1 - chance)
    return total


def ranked(findings: Sequence[Finding], seen: Seen | None = None) -> tuple[Finding, ...]:
    """Return the findings, the gravest first and among equals the likeliest, with probabilities of the whole run.

    A cause that the table does not know keeps what its rule says.
    """
    chances = posterior(findings, seen)
    told = [(one, replace(one, causes=_told(one, chances))) for one in findings]
    return tuple(after for _, after in sorted(told, key=lambda pair: _place(*pair)))


def _place(before: Finding, after: Finding) -> tuple[int, float, bool]:
    """Return what findings are sorted by; of two with one cause the one whose own it is goes first."""
    likeliest = after.causes[:1]
    return (
        -SEVERITIES.index(after.severity),
        -(likeliest[0][1] if likeliest else 0.0),
        [fault for fault, _ in likeliest] != [fault for fault, _ in before.causes[:1]],
    )


def _told(finding: Finding, chances: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Return a finding's causes by what is known of the whole run, likeliest first."""
    if not chances:
        return finding.causes
    own = {fault: chances.get(fault, probability) for fault, probability in finding.causes}
    return tuple(sorted(((fault, round(share, 3)) for fault, share in own.items()), key=lambda one: -one[1]))
