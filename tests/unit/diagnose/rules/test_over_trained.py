"""Facts about the rule: training past the best."""

import pytest
from tests.made_networks import Exact, facts_of

from practicum.diagnose.rules.over_trained import RULE

FALLING = [1 / (1 + step) for step in range(60)]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(Exact(), losses=FALLING, validations=[0.5, 0.3, *[0.5] * 8]), True),
        (lambda: facts_of(Exact(), losses=FALLING, validations=[0.5, 0.3, *[0.29] * 8]), False),
        (lambda: facts_of(Exact(), losses=FALLING, validations=[0.5, 0.3, *[0.35] * 8]), False),
        (lambda: facts_of(Exact(), losses=FALLING, validations=[0.5, 0.3, *[0.32] * 29]), False),
        (lambda: facts_of(Exact(), losses=FALLING, validations=[0.5, 0.3, *[0.32] * 31]), True),
        (
            lambda: facts_of(Exact(), losses=FALLING, validations=[0.5, 0.4, 0.4, 0.4, 0.4, 0.3, 0.5, 0.5]),
            False,
        ),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "E3"
