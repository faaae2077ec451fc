"""Which module's own backward pass is wrong."""

import torch
from tests.oracles.wrong_backwards import Affine, Pointwise, _Squashed
from torch import nn

from practicum.checks.fault_place import modules_at_fault


def at_fault(model, x):
    """Return the names for the sum of the outputs."""
    double = model.double()
    return modules_at_fault(double, lambda: double(x.double()).sum(), 1e-4, 0)


def test_the_innermost_is_named_and_all_that_are_wrong():
    """Not what holds them; in the model's order."""
    torch.manual_seed(0)
    inner = nn.Sequential(Affine(4, 4), Pointwise(_Squashed.apply, "sign"))
    model = nn.Sequential(Affine(3, 4, "weight", "factor"), inner, nn.Linear(4, 1))

    assert at_fault(model, torch.randn(5, 3)) == ("0", "1.1")


def test_where_all_is_right_nobody_is_named():
    """A module that is used twice is looked at once; one without floating inputs or parameters is passed over."""
    shared = nn.Linear(4, 4)
    model = nn.Sequential(nn.Linear(3, 4), shared, nn.Tanh(), shared, nn.Flatten(), nn.Linear(4, 1))

    assert at_fault(model, torch.randn(5, 3)) == ()


def test_named_arguments_and_several_outputs_are_taken():
    """As attention has them."""

    class Attending(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = nn.MultiheadAttention(4, 2, batch_first=True)

        def forward(self, x):
            out, weights = self.attention(x, x, value=x, need_weights=True)
            return out.mean() + weights.var()

    torch.manual_seed(0)

    assert at_fault(Attending(), torch.randn(2, 3, 4)) == ()
