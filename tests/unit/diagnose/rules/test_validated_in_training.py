"""Facts about the rule: validated in training mode."""

import pytest

from practicum.diagnose.rules.validated_in_training import RULE
from practicum.monitor.facts import Facts

ONE = (1, 0.5, None)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"validated_in_training": 2, "heard": 4, "mode_matters": ("drop",)}, True),
        ({"validated_in_training": 2, "heard": 5, "mode_matters": ("drop",)}, False),
        ({"validated_in_training": 1, "heard": 1, "mode_matters": ("drop",)}, False),
        ({"validated_in_training": 8, "heard": 8}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C5"
