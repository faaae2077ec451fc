"""Facts about the rule: momentum is too high."""

import pytest
from tests.made_facts import a_look

from practicum.diagnose.derived.rates import Rates
from practicum.diagnose.rules import momentum_too_high as module
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize(
    ("kind", "facts", "found"),
    [
        ("momentum", {}, True),
        ("both", {}, False),
        (None, {}, False),
        ("momentum", {"stale": 2}, True),
        ("momentum", {"stale": 3}, False),
    ],
)
def test_it_fires_where_trials_blame_it_and_no_exact_fact_does(kind, facts, found, monkeypatch):
    """Trials are made up."""
    rates = None if kind is None else Rates(1.0, 0.8, 0.1, 0.1, 80, 0.7, kind)
    monkeypatch.setattr(module, "too_fast", lambda _facts: rates)
    finding = RULE.finding(Facts(looks=[a_look()], **facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O9"
        assert "from 1 to 0.1 at 1/10 the rate" in finding.evidence
