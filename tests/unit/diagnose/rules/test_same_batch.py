"""Facts about the rule: the same minibatch at every step."""

import pytest

from practicum.diagnose.rules.same_batch import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"batches": [7] * 10, "batch_size": 16, "looked_rows": 48}, True),
        ({"batches": [7] * 9, "batch_size": 16, "looked_rows": 99}, False),
        ({"batches": [7] * 10 + [8], "batch_size": 16, "looked_rows": 99}, False),
        ({"batches": [7] * 50, "batch_size": 16, "looked_rows": 47}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C6"
