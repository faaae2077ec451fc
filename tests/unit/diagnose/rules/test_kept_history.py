"""Facts about the rule: history is kept."""

import pytest

from practicum.diagnose.rules.kept_history import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"graph_sizes": {20: 100, 40: 120, 60: 140}}, True),
        ({"graph_sizes": {20: 100, 40: 119, 60: 140}}, False),
        ({"graph_sizes": {20: 100, 40: 500, 60: 500}}, False),
        ({"graph_sizes": {20: 100, 40: 500}}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C8"
