"""Facts about the rule: frozen parameters."""

import pytest

from practicum.diagnose.rules.frozen import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"frozen": ("body.weight",), "num_trainable": 3}, True),
        ({"num_trainable": 3}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A12"
