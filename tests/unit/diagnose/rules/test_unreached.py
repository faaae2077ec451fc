"""Facts about the rule: parameters without a gradient."""

from collections import Counter

import pytest

from practicum.diagnose.rules.unreached import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"asked": Counter(spare=3), "never_reached": Counter(spare=3)}, True),
        ({"asked": Counter(spare=2), "never_reached": Counter(spare=2)}, False),
        ({"asked": Counter(spare=5), "never_reached": Counter(spare=4)}, False),
        ({"asked": Counter(head=5), "never_reached": Counter(head=0)}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A10"
