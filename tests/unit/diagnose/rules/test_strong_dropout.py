"""Facts about the rule: dropout that is too strong."""

import pytest
from tests.made_networks import Exact, facts_of
from torch import nn

from practicum.diagnose.rules.strong_dropout import RULE


def dropping(share):
    """Return a network with dropout that has learned nothing."""
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(share), nn.Linear(8, 1))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(dropping(0.9)), True),
        (lambda: facts_of(dropping(0.6)), False),
        (lambda: facts_of(Exact(nn.Dropout(0.9))), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "E4"
