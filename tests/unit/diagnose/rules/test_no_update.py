"""Facts about the rule: the optimiser never steps."""

import pytest

from practicum.diagnose.rules.no_update import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"discarded": 3, "num_backwards": 4}, True),
        ({"num_backwards": 100}, True),
        ({"discarded": 2, "num_backwards": 99}, False),
        ({"discarded": 9, "num_backwards": 200, "num_updates": 1}, False),
        ({"discarded": 9, "num_backwards": 200, "moved": True}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C2"
