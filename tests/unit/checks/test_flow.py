"""The flow graph: depth, what came last, what is reached."""

import pytest
import torch
from torch import nn

from practicum.checks.flow import (
    before,
    depth,
    last_operation,
    mapped,
    parameters_reached,
    run,
    traced,
    weight_layers,
)


class Joined(nn.Module):
    """Adds or concatenates what its branches return."""

    def __init__(self, *branches, skip=False):
        super().__init__()
        self.branches, self.skip = nn.ModuleList(branches), skip

    def forward(self, x):
        parts = [branch(x) for branch in self.branches] + ([x] if self.skip else [])
        return torch.stack(parts).sum(0)


def layers(num):
    """Return so many layers of width 3, with non-linearities in place."""
    return nn.Sequential(*(part for _ in range(num) for part in (nn.Linear(3, 3), nn.ReLU(inplace=True))))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (layers(3), 3),
        (Joined(layers(2), skip=True), 2),
        (Joined(layers(1), layers(4), layers(2)), 4),
        (nn.Sequential(Joined(layers(2), skip=True), Joined(layers(3), layers(1))), 5),
        (nn.Sequential(*[nn.Linear(3, 3)] * 3), 3),
        (nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.LayerNorm(3), nn.PReLU()), 1),
        (nn.Sequential(nn.Unflatten(1, (1, 3)), nn.Conv1d(1, 2, 2), nn.Flatten(), nn.Linear(4, 1)), 2),
        (nn.ReLU(), 0),
    ],
    ids=["chain", "skip", "branches", "both", "shared", "normalisations", "convolution", "none"],
)
def test_depth_is_the_longest_path(model, expected):
    """Branches side by side do not add, layers one after the other do, shared ones too [1.1-01]."""
    assert depth(run(traced(model), torch.ones(4, 3))) == expected


def test_a_graph_of_many_paths_is_walked_once():
    """Each block doubles the paths: a billion of them."""
    model = nn.Sequential(*(Joined(nn.Linear(3, 3), nn.Linear(3, 3)) for _ in range(30)))

    assert depth(run(traced(model), torch.ones(2, 3))) == 30


def test_stacked_recurrent_layers_count_and_steps_do_not():
    """The module is called once."""
    assert weight_layers(nn.GRU(3, 4, num_layers=2)) == 2
    assert weight_layers(nn.LayerNorm((2, 3))) == 0  # its two axes are the examples'
    assert depth(run(traced(nn.GRU(3, 4, num_layers=2)), torch.ones(7, 5, 3))) == 2


def test_frozen_weights_and_a_caller_without_gradients_change_no_depth():
    """The copy has them all; the model keeps its own."""
    model = layers(2).requires_grad_(False)
    with torch.no_grad():
        output = run(traced(model), torch.ones(4, 3))

    assert depth(output) == 2
    assert not any(one.requires_grad for one in model.parameters())


def test_what_is_detached_is_not_reached():
    """The backward pass ends there."""
    first, second = nn.Linear(3, 3), nn.Linear(3, 1)
    output = second(first(torch.ones(2, 3)).detach())

    assert parameters_reached(output) == {id(second.weight), id(second.bias)}


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda z: torch.sigmoid(z).view(-1).unsqueeze(0).clone(), "Sigmoid"),
        (lambda z: torch.relu(z).transpose(0, 1)[:1], "Relu"),
        (lambda z: z.softmax(1).permute(1, 0), "Softmax"),
        (lambda z: nn.functional.relu6(z).reshape(-1, 1), "Hardtanh"),
    ],
)
def test_the_last_operation_is_the_one_that_changes_numbers(function, name):
    """Whatever only moves them is passed over."""
    z = nn.Linear(2, 2)(torch.ones(3, 2))
    last = last_operation(function(z))

    assert last.name == name
    assert [one.name for one in before(last)] == ["Addmm"]
    assert last_operation(torch.ones(1)) is None


def test_all_floating_tensors_of_a_nest_are_mapped():
    """Integers stay; named tuples and dictionaries keep their kind."""
    packed = nn.utils.rnn.pack_sequence([torch.ones(2, 1)])
    nest = {"a": (torch.ones(1), [torch.ones(1, dtype=torch.int64)]), "p": packed, "n": None}
    found = mapped(nest, lambda one: one * 2)

    assert found["a"][0].item() == 2
    assert found["a"][1][0].item() == 1
    assert found["p"].data.tolist() == [[2.0], [2.0]]
    assert found["n"] is None
    assert nest["a"][0].item() == 1


def test_a_mark_is_passed_over():
    """What came last in a copy is what came last in the model."""
    assert last_operation(run(traced(nn.Linear(3, 1)), torch.ones(2, 3))).name == "Addmm"
