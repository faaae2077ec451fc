"""Facts about layers: those that learn are told from those that are idle under a top layer that learns by heart."""

import copy

import pytest
import torch

from practicum.core.intervals import Difference
from practicum.data.dataset import Dataset
from practicum.diagnose.layers import BY_HEART, MAX_ROWS, MISSED, Layer, Layers, look_at_layers, start_of
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe

RECIPE = Recipe(hidden_sizes=(64, 64), activation="tanh")


def rows(count, seed, num_inputs=8):
    """Return rows of two classes, told apart by a product of two inputs, which no linear map can tell."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        x = torch.randn(count, num_inputs)
    y = (x[:, :1] * x[:, 1:2] > 0).float()
    return Dataset(x, torch.zeros(count, 0, dtype=torch.int64), y)


def trained(train, frozen=(), num_steps=300):
    """Return a net before and after training, some of its layers left as they were."""
    network = Network(8, (64, 64), 1, "tanh", "binary")
    start = start_of(MLP(network), RECIPE, [3])
    member = copy.deepcopy(start)
    learning = [one for k, layer in enumerate(member.layers) if k not in frozen for one in layer.parameters()]
    optimizer = torch.optim.Adam(learning, lr=0.01)
    for _ in range(num_steps):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(member(train.x), train.target).backward()
        optimizer.step()
    return start, member


def layer(**changed):
    told = {
        "number": 1,
        "num_units": 8,
        "at_start": 0.3,
        "at_end": 0.3,
        "difference": Difference(0.0, -0.01, 0.01),
        "similarity": 0.999,
        "put_back": 0.0,
    }
    return Layer(**{**told, **changed})


def test_layers_that_learn_know_more_at_the_end():
    """Their features have moved, the probe does better, and putting one back costs."""
    train, valid = rows(500, 0), rows(1000, 1)
    found = look_at_layers(*reversed(trained(train)), train, valid)

    assert found.layers[1].knows_more
    assert found.layers[1].put_back > 0
    assert [one.similarity < 0.98 for one in found.layers] == [True, True]
    assert found.idle == ()
    assert found.finding is None
    assert "No hidden layer is idle" in found.text


def test_frozen_layers_under_a_top_layer_that_learns_by_heart_are_idle():
    """The layers are named, with what to do."""
    train, valid = rows(40, 0), rows(1000, 1)
    found = look_at_layers(*reversed(trained(train, frozen=(0, 1))), train, valid)

    assert found.by_heart
    assert found.idle == (1, 2)
    assert found.finding.causes[0][0] == "A16"
    assert found.finding.text in found.text
    assert "Layers 1, 2 of 2 hidden did not learn" in found.text


@pytest.mark.parametrize(
    ("changed", "unmoved"),
    [
        ({}, True),
        ({"similarity": 0.98}, False),
        ({"difference": Difference(-0.1, -0.2, -0.01)}, False),
        ({"difference": Difference(-0.1, -0.2, 0.0)}, True),
    ],
)
def test_a_layer_is_unmoved_where_features_are_the_same_and_know_no_more(changed, unmoved):
    """Both must hold."""
    assert layer(**changed).unmoved is unmoved


@pytest.mark.parametrize(
    ("train_error", "put_back", "idle"),
    [
        (0.2 * BY_HEART, 0.0, (1,)),
        (0.2 * BY_HEART + 1e-9, 0.0, ()),
        (0.0, 0.5 * MISSED, (1,)),
        (0.0, 0.5 * MISSED + 1e-9, ()),
        (0.0, -0.5, (1,)),
    ],
)
def test_layers_are_idle_where_rows_are_learnt_by_heart_without_them(train_error, put_back, idle):
    """Else nothing is wrong with random features, or what little moved is needed."""
    assert Layers((layer(put_back=put_back),), train_error, 0.2, 0.5).idle == idle


def test_in_doubt_nothing_more_is_computed_where_layers_cannot_be_idle():
    """Neither where the training error is like the validation error, nor where features have moved."""
    train, valid = rows(40, 0), rows(200, 1)
    start, member = trained(train)
    frozen_start, frozen = trained(train, frozen=(0, 1))

    assert look_at_layers(member, start, train, valid, in_doubt=True) is None
    assert look_at_layers(start, start, train, valid, in_doubt=True) is None
    assert look_at_layers(frozen, frozen_start, train, valid, in_doubt=True).idle == (1, 2)


def test_a_linear_model_has_no_layers_to_look_at():
    """Nor is there anything without rows."""
    linear = MLP(Network(8, (), 1, "tanh", "binary"))
    network = MLP(Network(8, (4,), 1, "tanh", "binary"))

    assert look_at_layers(linear, linear, rows(5, 0), rows(5, 1)) is None
    assert look_at_layers(network, network, rows(5, 0), rows(0, 1)) is None


def test_embeddings_are_looked_up_and_very_many_rows_sampled():
    """As the network itself does."""
    count = MAX_ROWS + 10
    network = Network(2, (6,), 3, "relu", "multiclass", (4,))
    codes = torch.arange(count)[:, None] % 4
    target = torch.nn.functional.one_hot(codes[:, 0] % 3, 3).float()
    data = Dataset(torch.randn(count, 2), codes, target, (4,))
    start = start_of(MLP(network), Recipe(hidden_sizes=(6,)), [0])
    found = look_at_layers(start, start, data, data)

    assert found.layers[0].similarity == pytest.approx(1.0)
    assert found.layers[0].put_back == 0.0


def test_the_start_is_that_of_the_seed_with_the_nearest_weights():
    """Trained weights are still nearest to their own start."""
    train = rows(100, 0)
    start, member = trained(train, num_steps=20)

    assert torch.equal(start_of(member, RECIPE, [1, 2, 3]).layers[0].weight, start.layers[0].weight)
