"""Facts about the rule: layers without a non-linearity between."""

import pytest
from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.rules.no_non_linearity import RULE


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(tower(16, 16, activation=nn.Identity)), True),
        (lambda: facts_of(tower(16, 16)), False),
        (lambda: facts_of(tower()), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A8"
