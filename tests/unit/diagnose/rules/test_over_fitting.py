"""Facts about the rule: over-fitting."""

import pytest
from tests.made_networks import Exact, facts_of

from practicum.diagnose.rules.over_fitting import RULE

FALLING = [1 / (1 + step) for step in range(60)]


def known(num_rows, validations):
    """Return facts about a network that knows its training rows by heart."""
    return facts_of(Exact(), num_rows=num_rows, losses=FALLING, validations=validations)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: known(80, [0.5, 0.3, *[0.3] * 8]), True),
        (lambda: known(300, [0.5, 0.3, *[0.3] * 8]), True),
        (lambda: known(300, [0.5, 0.3, *[0.1] * 8]), False),
        (lambda: known(80, [0.5, 0.3, *[0.02] * 8]), False),
        (lambda: known(300, [1.0, 0.9, 0.7, 0.5, 0.4, 0.3]), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "E1"
