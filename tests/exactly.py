"""What exact rules find, apart from what statistics say of loops as short as those of tests.

The statistical rules are judged by `benchmarks/faults`, on runs that are long enough to be judged.
"""

from __future__ import annotations

from collections.abc import Iterable

from practicum.core.finding import Finding

LAST_EXACT = "R013"
"""Rules up to here look at facts that can be nothing else; so does the comparison of loss, output and targets."""


def exact(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings of exact rules."""
    return [one for one in found if one.rule <= LAST_EXACT or one.rule == "loss-fit"]
