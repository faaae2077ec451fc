"""Facts about the rule: weights drawn too large."""

import pytest
from tests.made_networks import facts_of, tower

from practicum.diagnose.rules.large_start import RULE


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(tower(32, 32, gain=3)), True),
        (lambda: facts_of(tower(32, 32)), False),
        (lambda: facts_of(tower(32, 32, gain=1.2)), False),
        (lambda: facts_of(tower(*[32] * 8, gain=3)), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A3"
