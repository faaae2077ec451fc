"""Facts about the rule: the loss is no finite number."""

import pytest

from practicum.diagnose.rules.not_finite import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"first_not_finite": 2, "losses": [1.0, float("nan")]}, True),
        ({"first_not_finite": 1, "losses": [float("inf")]}, True),
        ({"losses": [1.0, 1e30]}, False),
        ({"overflows": 20, "num_backwards": 21}, True),
        ({"overflows": 19, "num_backwards": 19}, False),
        ({"overflows": 20, "num_backwards": 60, "num_updates": 1}, False),
        ({"first_not_finite": 1, "losses": [float("nan")], "bad_inputs": (1, "inputs")}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "O15"
