"""What the three rules about rates share in their tests: whom made-up trials at other rates blame."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from tests.made_facts import a_look

from practicum.diagnose.derived.rates import Kind, Rates
from practicum.monitor.facts import Facts

Case = tuple[Kind | None, dict[str, Any], bool]


def blamed_for(own: Kind, other: Kind) -> list[Case]:
    """Return who is blamed, other facts, and whether the rule of ``own`` must speak: not where an exact fact does."""
    return [
        (own, {}, True),
        (other, {}, False),
        (None, {}, False),
        (own, {"stale": 2}, True),
        (own, {"stale": 3}, False),
    ]


def check_blame(module: ModuleType, cause: str, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check one case: the rule speaks or not, and names its cause with the numbers of the trial."""
    kind, facts, found = case
    rates = None if kind is None else Rates(1.0, 0.8, 0.1, 0.1, 80, 0.7, kind)
    monkeypatch.setattr(module, "too_fast", lambda _facts: rates)
    finding = module.RULE.finding(Facts(looks=[a_look()], **facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == cause
        assert "from 1 to 0.1 at 1/10 the rate" in finding.evidence
