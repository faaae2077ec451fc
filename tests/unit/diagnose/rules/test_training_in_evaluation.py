"""Facts about the rule: trained in evaluation mode."""

import pytest

from practicum.diagnose.rules.training_in_evaluation import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"in_evaluation": 5, "mode_matters": ("drop",)}, True),
        ({"in_evaluation": 4, "mode_matters": ("drop",)}, False),
        ({"in_evaluation": 9}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "C4"
