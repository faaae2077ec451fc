"""Facts about the rule: dead units."""

import pytest
import torch
from tests.made_networks import facts_of, tower

from practicum.diagnose.rules.dead_units import RULE


def partly_dead(num):
    """Return a network of which some of the 32 hidden units are dead."""
    model = tower(32)
    with torch.no_grad():
        model[0].bias[:num] = -50.0
    return model


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(tower(32, bias=-20.0)), True),
        (lambda: facts_of(tower(32)), False),
        (lambda: facts_of(partly_dead(15)), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A6"


def test_units_that_died_while_it_trained_are_worth_knowing_no_more():
    """Other faults kill units; these name themselves."""
    finding = RULE.finding(facts_of(tower(32, bias=-20.0), start=tower(32)))

    assert finding is not None
    assert finding.severity == "info"
