"""Facts about the rule: layers that the model does not know."""

import pytest
import torch
from tests.made_facts import a_look
from tests.made_watched import watched
from torch import nn

from practicum.diagnose.rules.strangers import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(("strangers", "found"), [((1, 1), True), ((1, 0), False), ((0, 0, 0), False)])
def test_it_fires_beyond_its_limit_and_not_before(strangers, found):
    """One look may be an accident."""
    finding = RULE.finding(Facts(looks=[a_look(strangers=count) for count in strangers]))

    assert (finding is not None) == found


class Listed(nn.Module):
    """Keeps a layer in a plain list."""

    def __init__(self, kind):
        super().__init__()
        self.hidden = kind([nn.Linear(5, 16)])
        self.last = nn.Linear(16, 2)

    def forward(self, x):
        return self.last(torch.relu(self.hidden[0](x)))


@pytest.mark.parametrize(("kind", "found"), [(list, True), (nn.ModuleList, False)])
def test_a_plain_list_hides_its_layers(kind, found):
    """A list of modules does not."""
    assert (RULE.finding(watched(num_steps=40, model=Listed(kind))) is not None) == found
