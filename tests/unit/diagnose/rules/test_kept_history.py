"""Facts about the rule: history is kept."""

import pytest

from practicum.diagnose.rules.kept_history import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"held": {20: 20, 40: 40, 60: 58}}, True),
        ({"held": {20: 20, 40: 40, 60: 57}}, False),
        ({"held": {20: 1, 40: 40, 60: 40}}, False),
        ({"held": {20: 20, 40: 40}}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C8"
