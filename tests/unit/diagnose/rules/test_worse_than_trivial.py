"""Facts about the rule: worse than a trivial model."""

import pytest
import torch
from tests.made_networks import Exact, facts_of
from torch import nn

from practicum.diagnose.rules.worse_than_trivial import RULE


def nothing():
    """Return a network that is nearly as good as a linear model."""
    model = nn.Linear(6, 1)
    with torch.no_grad():
        model.weight.zero_()
        model.weight[0, 0] = 0.78
        model.bias.zero_()
    return model


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(Exact(), flip_valid=True), True),
        (lambda: facts_of(Exact()), False),
        (lambda: facts_of(nothing()), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "E6"


def test_what_was_learned_on_other_codes_is_critical():
    """Training rows that are known, and validation rows worse than guessed: the validation is at fault."""
    assert RULE.finding(facts_of(Exact(), flip_valid=True)).severity == "critical"
