"""Facts about the rule: the learning rate is too high."""

import pytest
from tests.made_rates import blamed_for, check_blame

from practicum.diagnose.derived.rates import Rates
from practicum.diagnose.rules import rate_too_high as module
from practicum.diagnose.rules.rule import Evidence
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize("case", blamed_for("rate", "both"))
def test_it_fires_where_trials_blame_it_and_no_exact_fact_does(case, monkeypatch):
    """Trials are made up."""
    check_blame(module, "O1", case, monkeypatch)


@pytest.mark.parametrize(("now", "severity"), [(0.51, "critical"), (0.49, "warning")])
def test_a_run_that_came_to_nothing_is_critical(now, severity, monkeypatch):
    """One that is half-way down is not."""
    monkeypatch.setattr(module, "too_fast", lambda _facts: Rates(1.0, 0.8, 0.1, 0.1, 80, now))

    assert RULE.finding(Facts()).severity == severity


def test_an_operation_that_is_to_blame_explains_it(monkeypatch):
    """The rate then is not said to be."""
    monkeypatch.setattr(module, "too_fast", lambda _facts: Rates(1.0, 0.8, 0.1, 0.1, 80, 0.7))
    blamed = Evidence("The loss is nan.", causes=(("O15", 0.9), ("O1", 0.1)))
    monkeypatch.setattr(module.not_finite, "check", lambda _facts: blamed)

    assert RULE.finding(Facts()) is None
