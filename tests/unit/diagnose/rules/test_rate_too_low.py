"""Facts about the rule: the learning rate is too low."""

import pytest
from tests.made_facts import a_look, a_parameter

from practicum.diagnose.derived.rates import Rates
from practicum.diagnose.rules import rate_too_low as module
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize(
    ("rates", "share", "facts", "found"),
    [
        (Rates(1.0, 0.9, 0.1, 100.0, 80, 0.8), 0.0, {}, True),
        (Rates(1.0, 0.9, 0.1, 100.0, 80, 0.8), 0.5, {}, True),
        (Rates(1.0, 0.9, 0.1, 100.0, 80, 0.8), 0.6, {}, False),
        (Rates(1.0, 0.9, 0.1, 100.0, 80, 0.8), 0.0, {"stale": 3}, False),
        (None, 0.0, {}, False),
    ],
)
def test_it_fires_where_higher_rates_get_further_and_nothing_else_holds_it_up(
    rates, share, facts, found, monkeypatch
):
    """Trials are made up; ε may hold up half of all numbers."""
    monkeypatch.setattr(module, "too_slow", lambda _facts: rates)
    look = a_look(parameters=(a_parameter(epsilon_share=share),))
    finding = RULE.finding(Facts(looks=[look], **facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O2"
        assert "100 times the rate" in finding.evidence


def test_clipping_explains_it(monkeypatch):
    """Then that is said, and not this."""
    monkeypatch.setattr(module, "too_slow", lambda _facts: Rates(1.0, 0.9, 0.1, 100.0, 80, 0.8))
    monkeypatch.setattr(module.hard_clipping, "check", lambda _facts: "clipped")

    assert RULE.finding(Facts(looks=[a_look()])) is None


@pytest.mark.parametrize(("far", "severity"), [(True, "info"), (False, "warning")])
def test_a_network_that_came_far_is_worth_knowing_alone(far, severity, monkeypatch):
    """It learns slowly, but it does."""
    monkeypatch.setattr(module, "too_slow", lambda _facts: Rates(1.0, 0.9, 0.1, 100.0, 80, 0.8))
    monkeypatch.setattr(module, "has_learned", lambda _facts, share: far and share == module.LEARNED)

    assert RULE.finding(Facts(looks=[a_look()])).severity == severity
