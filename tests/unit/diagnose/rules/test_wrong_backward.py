"""Facts about the rule: a wrong backward pass."""

import pytest
import torch
from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.rules.wrong_backward import RULE


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


def with_own(factor):
    """Return a network with a backward pass that somebody wrote."""
    return nn.Sequential(nn.Linear(6, 8), Layer(factor), nn.Tanh(), nn.Linear(8, 1))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(with_own(0.5)), True),
        (lambda: facts_of(tower(16)), False),
        (lambda: facts_of(with_own(1.0)), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A15"
