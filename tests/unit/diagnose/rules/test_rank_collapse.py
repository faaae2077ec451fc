"""Facts about the rule: hidden outputs that collapse."""

import pytest
import torch
from tests.made_networks import facts_of, tower

from practicum.diagnose.rules.rank_collapse import RULE


def collapsed(size):
    """Return a network whose hidden units of a layer all do the same, its last layer grown."""
    model = tower(32, 32)
    with torch.no_grad():
        for layer in (model[0], model[2]):
            weight = layer.weight[:1].abs().expand_as(layer.weight).clone()
            layer.weight.copy_(size * weight * layer.weight.norm() / weight.norm())
        model[4].weight.mul_(2)
    return model


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(collapsed(0.1), start=tower(32, 32)), True),
        (lambda: facts_of(tower(32, 32)), False),
        (lambda: facts_of(collapsed(1.0), start=tower(32, 32)), False),
        (lambda: facts_of(tower(32, 32, gain=0.3), start=tower(32, 32)), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A14"
