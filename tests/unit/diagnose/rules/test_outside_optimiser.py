"""Facts about the rule: parameters that no optimiser moves."""

import pytest

from practicum.diagnose.rules.outside_optimiser import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"num_updates": 3, "outside": ("head",)}, True),
        ({"num_updates": 2, "outside": ("head",)}, False),
        ({"num_updates": 9}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A11"
