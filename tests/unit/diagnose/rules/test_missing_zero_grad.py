"""Facts about the rule: gradients are not reset."""

import pytest

from practicum.diagnose.rules.missing_zero_grad import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"stale": 3, "num_updates": 4}, True),
        ({"stale": 2, "num_backwards": 40}, False),
        ({"num_backwards": 40}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C1"
