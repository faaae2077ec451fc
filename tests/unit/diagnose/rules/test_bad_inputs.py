"""Facts about the rule: inputs that are no finite numbers."""

import pytest
import torch
from tests.made_rows import facts_of, normal

from practicum.diagnose.rules.bad_inputs import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"bad_inputs": (3, "targets")}, True),
        ({}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "D3"


def test_an_infinity_that_came_before_is_found_among_the_rows_kept():
    """A tanh makes a number of it, and its gradient is none."""
    x = normal(32, 2)
    x[3, 1] = torch.inf

    assert "inputs of step 1" in RULE.check(facts_of((x, x), first_not_finite=2))
    assert RULE.check(facts_of((x, x))) is None
    assert RULE.check(facts_of((normal(32, 2), normal(32, 2)), first_not_finite=2)) is None
