"""Facts about the rule: the loss is cut off."""

from collections import Counter

import pytest

from practicum.diagnose.rules.no_graph import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"without_graph": 2, "num_steps": 2}, True),
        ({"without_graph": 1, "num_steps": 1}, False),
        ({"without_graph": 5, "num_steps": 50, "num_backwards": 45}, False),
        ({"num_updates": 9, "asked": Counter(a=5), "never_reached": Counter(a=5)}, True),
        ({"num_updates": 9, "asked": Counter(a=5, b=5), "never_reached": Counter(a=5)}, False),
        ({"num_updates": 9, "num_backwards": 9, "asked": Counter(a=5), "never_reached": Counter(a=5)}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C3"
