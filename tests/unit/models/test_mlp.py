"""Facts about the plain module that a user gets back."""

import pytest
import torch
from torch.nn.functional import linear

from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.network import Network

PLAIN = Network(3, (5, 4), 2, "tanh", "multiclass")
LOOKING_UP = Network(3, (5,), 2, "relu", "multiclass", num_levels=(4, 6))


def filled(network):
    """Return parameters that are all different from zero."""
    values = initial_parameters(network, seed=0)
    return {name: torch.from_numpy(value).float() + 0.1 for name, value in values.items()}


def test_the_forward_pass_is_the_formula():
    """Affine, non-linear, affine, non-linear, affine: logits."""
    p = filled(PLAIN)
    x = torch.linspace(-1, 1, 12).view(4, 3)
    h = torch.tanh(linear(x, p["layers.0.weight"], p["layers.0.bias"]))
    h = torch.tanh(linear(h, p["layers.1.weight"], p["layers.1.bias"]))
    logits = linear(h, p["layers.2.weight"], p["layers.2.bias"])

    torch.testing.assert_close(MLP(PLAIN, p)(x), logits)


def test_looked_up_levels_come_after_the_numeric_inputs():
    """Each column has its own table; their numbers stand in the order of the columns."""
    p = filled(LOOKING_UP)
    x, codes = torch.linspace(-1, 1, 6).view(2, 3), torch.tensor([[1, 5], [3, 0]])
    whole = torch.cat([x, p["embeddings.0.weight"][[1, 3]], p["embeddings.1.weight"][[5, 0]]], 1)
    h = torch.relu(linear(whole, p["layers.0.weight"], p["layers.0.bias"]))
    logits = linear(h, p["layers.1.weight"], p["layers.1.bias"])

    torch.testing.assert_close(MLP(LOOKING_UP, p)(x, codes), logits)


def test_forgotten_codes_are_an_error():
    """A network with embeddings cannot guess them."""
    with pytest.raises(TypeError, match="`codes` must be given: this network looks columns up"):
        MLP(LOOKING_UP)(torch.zeros(2, 3))


def test_without_parameters_it_starts_at_zero():
    """No random number is drawn from a global generator that anyone would see in the values."""
    assert not any(parameter.any() for parameter in MLP(LOOKING_UP).parameters())


def test_parameters_come_back_by_the_names_they_went_in():
    """`state_dict` is what the run folder keeps."""
    p = filled(LOOKING_UP)
    state = MLP(LOOKING_UP, p).state_dict()

    assert state.keys() == p.keys()
    assert all(torch.equal(state[name], p[name]) for name in p)
