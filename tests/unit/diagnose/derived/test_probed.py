"""Facts about linear probes on the layers of a watched network."""

import copy

import pytest
import torch
from tests.made_rows import facts_of, normal
from torch import nn

from practicum.diagnose.derived.probed import MOST, probes_of

X, V = normal(400, 6), normal(300, 6, seed=1)


def _ring(x):
    """Return whether a row lies outside: no line tells it."""
    return (x.square().sum(1) > 5.3).long()


def _trained(model, loss_fn, y, steps=300):
    """Return a model after some training, with its start."""
    start = copy.deepcopy(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        loss_fn(model(X), y).backward()
        optimizer.step()
    return start, model


def test_a_layer_that_learnt_knows_more_than_at_its_start():
    """Its features tell the classes to a linear probe; those of the start do not."""
    torch.manual_seed(0)
    start, model = _trained(
        nn.Sequential(nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 2)), nn.CrossEntropyLoss(), _ring(X)
    )
    facts = facts_of((X, _ring(X)), (V, _ring(V)), model=model, start=start, loss_fn=nn.CrossEntropyLoss())
    hidden, head = probes_of(facts)

    assert [(one.name, one.kind, one.num_units) for one in (hidden, head)] == [
        ("0", "tanh", 4),
        ("2", "linear", 2),
    ]
    assert hidden.at_end < hidden.at_start - 0.1
    assert hidden.difference.high < 0
    assert hidden.difference.value == pytest.approx(hidden.at_end - hidden.at_start)


def test_numbers_are_probed_as_numbers():
    """The root of 1 - R²; rows are put aside where there is no validation."""
    torch.manual_seed(0)
    y = X[:, :1] * 2
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 1))
    found = probes_of(facts_of((X, y), model=model, start=copy.deepcopy(model), loss_fn=nn.MSELoss()))

    assert [one.name for one in found] == ["0", "2"]
    assert 0 < found[0].at_start == found[0].at_end < 1
    assert found[0].difference.value == 0


def test_pictures_are_probed_by_their_channels():
    """Where a row has many numbers."""
    x = normal(200, 3 * 32 * 32).reshape(200, 3, 32, 32)
    model = nn.Sequential(
        nn.Conv2d(3, 5, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 2)
    )
    y = torch.arange(200) % 2
    found = probes_of(
        facts_of((x, y), model=model, start=copy.deepcopy(model), loss_fn=nn.CrossEntropyLoss())
    )

    assert [one.num_units for one in found] == [5, 2]


def test_of_many_layers_some_are_probed():
    """The first and the last among them."""
    model = nn.Sequential(*(nn.Linear(6, 6) for _ in range(40)))
    y = _ring(X)
    found = probes_of(
        facts_of((X, y), model=model, start=copy.deepcopy(model), loss_fn=nn.CrossEntropyLoss())
    )

    assert (len(found), found[0].name, found[-1].name) == (MOST, "0", "39")


def test_without_rows_or_with_targets_of_another_kind_there_are_none():
    """A label a place is not probed."""
    model = nn.Sequential(nn.Linear(6, 4))
    tags = torch.zeros(400, 3).long()

    assert (
        probes_of(facts_of((X[:30], _ring(X[:30])), model=model, start=model, loss_fn=nn.CrossEntropyLoss()))
        == ()
    )
    assert probes_of(facts_of((X, tags), model=model, start=model, loss_fn=nn.CrossEntropyLoss())) == ()


def test_sequences_are_probed_by_the_mean_of_their_places():
    """Not by the mean of their units, which a norm has made alike."""
    y = torch.arange(200) % 2
    x = normal(200, 40, 6) + y[:, None, None]

    class Sequence(nn.Module):
        def __init__(self):
            super().__init__()
            self.wide, self.norm, self.head = nn.Linear(6, 64), nn.LayerNorm(64), nn.Linear(64, 2)

        def forward(self, given):
            return self.head(self.norm(self.wide(given)).mean(1))

    model = Sequence()
    found = probes_of(
        facts_of((x, y), model=model, start=copy.deepcopy(model), loss_fn=nn.CrossEntropyLoss())
    )

    assert [(one.kind, one.num_units) for one in found] == [("norm", 64), ("linear", 2)]
    assert found[0].at_end < 0.1
