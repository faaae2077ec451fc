"""Facts about the rule: units drawn alike."""

import pytest
from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.rules.alike_units import RULE


def constant(value):
    """Return a network whose hidden units are all alike."""
    model = tower(16)
    for layer in (model[0], model[2]):
        nn.init.constant_(layer.weight, value)
    return model


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(constant(0.3)), True),
        (lambda: facts_of(tower(16)), False),
        (lambda: facts_of(tower(16, bias=0.1)), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A1"
