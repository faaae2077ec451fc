"""Facts about the rule: batches come several times over."""

import pytest

from practicum.diagnose.rules.repeated_batches import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"batches": [k // 2 for k in range(48)]}, True),
        ({"batches": [k % 20 for k in range(200)]}, False),
        ({"batches": list(range(34)) + [33] * 14}, False),
        ({"batches": list(range(34)) + [33] * 16}, True),
        ({"batches": [k // 2 for k in range(22)]}, False),
        ({"batches": [1] * 100}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C7"
