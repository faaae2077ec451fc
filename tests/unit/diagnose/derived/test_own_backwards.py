"""Backward passes that somebody wrote."""

import torch
from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.derived.own_backwards import wrong_backwards


class Own(torch.autograd.Function):
    """The identity, with a backward of its own."""

    @staticmethod
    def forward(ctx, x, factor):
        """Return the input."""
        ctx.factor = factor
        return x.clone()

    @staticmethod
    def backward(ctx, *gradients):
        """Return a part of the gradient."""
        return gradients[0] * ctx.factor, None


class Layer(nn.Module):
    """Applies the function."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        """Return the input."""
        return Own.apply(x, self.factor)


def found(factor):
    """Return what is found in a network with such a layer."""
    return wrong_backwards(
        facts_of(nn.Sequential(nn.Linear(6, 8), Layer(factor), nn.Tanh(), nn.Linear(8, 1)))
    )


def test_models_without_one_are_not_asked():
    """Finite differences are slow."""
    assert wrong_backwards(facts_of(tower(8))) is None


def test_a_right_one_is_named_and_not_blamed():
    """It was asked."""
    assert found(1.0).functions == ("Own",)
    assert found(1.0).modules == ()


def test_a_wrong_one_is_found_where_it_is():
    """The innermost module is named."""
    assert found(-1.0).modules == ("1",)
