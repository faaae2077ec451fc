"""Facts about the figure of probes."""

import copy

import torch
from tests.made_rows import facts_of, normal
from torch import nn

from practicum.monitor.facts import Facts
from practicum.report.probes_figure import probes_figure

X = normal(200, 3)


def test_it_has_a_point_a_layer_before_and_after():
    """With the interval of the difference."""
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    facts = facts_of(
        (X, (X[:, 0] > 0).long()), model=model, start=copy.deepcopy(model), loss_fn=nn.CrossEntropyLoss()
    )
    found = probes_figure(facts)
    before, after = found.data

    assert before["x"] == after["x"] == ["0 (relu)", "2 (linear)"]
    assert before["y"] == after["y"]
    assert found.title.startswith("0 of 2 layers")
    assert min(after["error_y"]["array"]) >= 0 <= min(after["error_y"]["arrayminus"])


def test_a_network_that_cannot_be_asked_has_none():
    """Nor have facts without rows."""

    class Stubborn(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Linear(3, 2)

        def forward(self, x):
            raise RuntimeError("no")

    facts = facts_of((X, torch.arange(200) % 2), model=Stubborn(), loss_fn=nn.CrossEntropyLoss())
    assert probes_figure(facts) is None
    assert probes_figure(Facts()) is None
