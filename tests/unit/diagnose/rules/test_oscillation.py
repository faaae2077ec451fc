"""Facts about the rule: rate and momentum swing."""

import pytest
from tests.made_rates import blamed_for, check_blame

from practicum.diagnose.rules import oscillation as module

RULE = module.RULE


@pytest.mark.parametrize("case", blamed_for("both", "momentum"))
def test_it_fires_where_trials_blame_it_and_no_exact_fact_does(case, monkeypatch):
    """Trials are made up."""
    check_blame(module, "O3", case, monkeypatch)
