"""Facts about the rule: a wrong backward pass."""

import pytest
from tests.made_networks import facts_of, tower, with_own

from practicum.diagnose.rules.wrong_backward import RULE


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(with_own(0.5)), True),
        (lambda: facts_of(tower(16)), False),
        (lambda: facts_of(with_own(1.0)), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A15"
