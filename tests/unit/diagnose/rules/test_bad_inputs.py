"""Facts about the rule: inputs that are no finite numbers."""

import pytest

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
