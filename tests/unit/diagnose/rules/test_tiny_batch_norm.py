"""Facts about the rule: batch normalisation of tiny batches."""

import pytest
from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.rules.tiny_batch_norm import RULE


def normed():
    """Return a network with batch normalisation."""
    return nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 1))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(normed(), batch_size=2), True),
        (lambda: facts_of(normed(), batch_size=8), False),
        (lambda: facts_of(tower(16), batch_size=2), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A13"
