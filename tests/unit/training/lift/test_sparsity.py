"""Facts about the sparsity penalty on a user's module."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.modules import draw, zoo_recipes
from torch import nn

from practicum.core.errors import ConfigError
from practicum.optim.penalties import sparsity_loss
from practicum.training.lift.sparsity import ActivationWatch


def recipe(form="l1"):
    """Return a recipe that asks for sparse activations."""
    return zoo_recipes(1, sparsity_penalty=0.5, sparsity_form=form)[0]


def net(*activations):
    """Return a net of these activation modules."""
    parts = [part for one in activations for part in (nn.Linear(3, 3), one)]
    return nn.Sequential(*parts)


def test_the_penalty_is_of_all_activation_modules():
    """Each layer's, times the coefficient."""
    module, x = net(nn.Sigmoid(), nn.ReLU()), draw((4, 3), "sparsity")
    watch = ActivationWatch(module, recipe())
    watch.begin()
    module(x)
    found = watch.end(torch.tensor(0.5), torch.tensor(0.05))

    expected = sum(0.5 * sparsity_loss(module[:depth](x), "l1", 0.05) for depth in (2, 4))
    torch.testing.assert_close(found, expected)


def test_a_closed_watch_collects_nothing():
    """Validation adds no penalty."""
    module = net(nn.ReLU())
    watch = ActivationWatch(module, recipe())
    module(torch.zeros(1, 3))

    assert watch.outputs == []


def test_a_module_without_activation_modules_is_refused():
    """Functions cannot be watched."""
    with pytest.raises(ConfigError, match="no activation modules of"):
        ActivationWatch(nn.Linear(2, 2), recipe())


@pytest.mark.parametrize("form", ["l1", "kl"])
@pytest.mark.parametrize("activation", [nn.Tanh(), nn.Softsign(), nn.Hardtanh()])
def test_units_that_saturate_on_two_sides_are_refused(form, activation):
    """The message names the module."""
    with pytest.raises(ConfigError, match=r'must be student_t or target .*\(module "3"\)'):
        ActivationWatch(net(nn.Sigmoid(), activation), recipe(form))


def test_a_divergence_needs_probabilities():
    """Rectified units are none."""
    with pytest.raises(ConfigError, match="must not be kl when the module has an nn"):
        ActivationWatch(net(nn.ReLU()), recipe("kl"))


@pytest.mark.parametrize(
    ("form", "activation"),
    [
        ("student_t", nn.Tanh()),
        ("target", nn.Tanh()),
        ("kl", nn.Sigmoid()),
        ("l1", nn.ReLU6()),
        ("l1", nn.GELU()),
    ],
)
def test_what_suits_is_taken(form, activation):
    """Forms and units that go together."""
    assert ActivationWatch(net(activation), recipe(form)).form == form
