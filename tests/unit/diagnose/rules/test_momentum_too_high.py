"""Facts about the rule: momentum is too high."""

import pytest
from tests.made_rates import blamed_for, check_blame

from practicum.diagnose.rules import momentum_too_high as module

RULE = module.RULE


@pytest.mark.parametrize("case", blamed_for("momentum", "both"))
def test_it_fires_where_trials_blame_it_and_no_exact_fact_does(case, monkeypatch):
    """Trials are made up."""
    check_blame(module, "O9", case, monkeypatch)
