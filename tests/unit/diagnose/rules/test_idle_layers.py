"""Facts about the rule: idle lower layers."""

import pytest
import torch
from tests.made_networks import facts_of, tower

from practicum.diagnose.rules import idle_layers as module

RULE = module.RULE


def moved(below, above):
    """Return a network whose first layer and whose last have moved by parts of their size."""
    model = tower(16, 16)
    with torch.no_grad():
        model[0].weight.mul_(1 + below)
        model[2].weight.mul_(1 + above)
        model[4].weight.mul_(1 + above)
    return model


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(moved(0.0001, 0.5), start=tower(16, 16)), True),
        (lambda: facts_of(tower(16, 16)), False),
        (lambda: facts_of(moved(0.02, 0.5), start=tower(16, 16)), False),
        (lambda: facts_of(moved(0.0001, 0.02), start=tower(16, 16)), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A16"


@pytest.mark.parametrize(
    ("well", "far", "severity"), [(True, True, "info"), (True, False, "warning"), (False, True, "warning")]
)
def test_a_network_that_ends_well_and_far_is_worth_knowing_alone(well, far, severity, monkeypatch):
    """It misses nothing."""
    monkeypatch.setattr(module, "ends_well", lambda _facts: well)
    monkeypatch.setattr(module, "has_learned", lambda _facts, share: far and share == module.LEARNED)

    assert RULE.finding(facts_of(moved(0.0001, 0.5), start=tower(16, 16))).severity == severity
