"""The gradient check: planted mistakes are found and named, right gradients are not blamed [4.1-01 to 4.1-05]."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.wrong_backwards import planted
from torch import nn

from practicum.checks.gradient_check import check_gradients
from practicum.core.errors import ConfigError

X, Y = torch.linspace(-1, 1, 15).reshape(5, 3), torch.linspace(0, 1, 5)[:, None]


def mean_square(output, target):
    """Return the mean squared difference."""
    return nn.functional.mse_loss(output, target)


@pytest.mark.parametrize("number", range(0, 120, 7))
def test_a_planted_mistake_is_found_and_its_module_named(number):
    """A sign, a factor, a missing term, indices off by one; in weights, biases, inputs and non-linearities."""
    model, name, loss, x, y = planted(number)
    found = check_gradients(model, loss, x, y)

    assert not found.passed
    assert found.modules == (name,)
    assert f"`{name}`" in found.text


@pytest.mark.parametrize("number", range(0, 120, 7))
def test_a_right_gradient_is_not_blamed(number):
    """The same models without the mistake, rectifiers in place among them."""
    model, _, loss, x, y = planted(number, right=True)
    found = check_gradients(model, loss, x, y)

    assert (found.passed, found.wrong, found.modules) == (True, (), ())
    assert found.text.startswith("The gradient is right")


@pytest.mark.parametrize(
    "model",
    [
        nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1)),
        nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.GELU(), nn.Linear(8, 1)),
        nn.Sequential(nn.Linear(3, 8), nn.LayerNorm(8), nn.Hardtanh(), nn.Linear(8, 1)),
        nn.Sequential(
            nn.Unflatten(1, (1, 3)), nn.Conv1d(1, 4, 2), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(4, 1)
        ),
    ],
    ids=["relu", "batch norm and dropout", "layer norm", "convolution"],
)
def test_pytorchs_own_modules_are_right(model):
    """Also where they draw numbers, and where they have kinks."""
    torch.manual_seed(0)
    before = [one.clone() for one in (*model.parameters(), *model.buffers())]
    state = torch.get_rng_state()
    found = check_gradients(model, mean_square, X, Y)

    assert found.passed, found.text
    assert all(
        torch.equal(a, b) for a, b in zip(before, (*model.parameters(), *model.buffers()), strict=True)
    )
    assert torch.equal(state, torch.get_rng_state())


def test_a_kink_where_the_point_lies_is_no_mistake():
    """All biases are zero and so are some inputs: every rectifier stands at its corner."""
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    nn.init.zeros_(model[0].bias)

    assert check_gradients(model, mean_square, torch.zeros(5, 3), Y).passed


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_size_of_the_loss_hides_nothing_and_blames_nobody(scale):
    """Of a millionth as of a million."""
    for right in (True, False):
        model, name, loss, x, y = planted(4, right=right)
        found = check_gradients(model, lambda out, target, loss=loss: scale * loss(out, target), x, y)

        assert found.passed == right
        assert found.modules == (() if right else (name,))


def test_what_is_cut_off_is_the_models_own_mistake():
    """No part of it is wrong: it is in how they are put together."""

    class Cut(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = nn.Linear(3, 4), nn.Linear(4, 1)

        def forward(self, x):
            return self.last(torch.tanh(self.first(x)).detach())

    found = check_gradients(Cut(), mean_square, X, Y)

    assert found.modules == ("",)
    assert {one.name for one in found.wrong} == {"first.weight", "first.bias"}
    assert "the model itself" in found.text


def test_the_worst_comes_first_and_a_sign_is_told():
    """Relative differences, the wrong ones before all others."""
    model, _, loss, x, y = planted(0)
    found = check_gradients(model, loss, x, y)
    wrong = [one.wrong for one in found.derivatives]

    assert wrong == sorted(wrong, reverse=True)
    assert found.wrong[0].sign_differs
    assert "of opposite sign" in found.text


@settings(max_examples=25)
@given(number=st.integers(0, 10_000), right=st.booleans())
def test_it_agrees_with_pytorchs_own_check(number, right):
    """`torch.autograd.gradcheck` on the whole loss by all parameters."""
    model, _, loss, x, y = planted(number, right=right)
    double = model.double()
    names = [name for name, _ in double.named_parameters()]

    def function(*values):
        out = torch.func.functional_call(double, dict(zip(names, values, strict=True)), (x.double(),))
        return loss(out, y)

    values = tuple(one.detach().clone().requires_grad_() for one in double.parameters())
    theirs = torch.autograd.gradcheck(function, values, raise_exception=False, eps=1e-6, atol=1e-8, rtol=1e-4)

    assert check_gradients(model, loss, x, y).passed == theirs


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epsilon": 0.0}, "`epsilon` and `num_entries` must be positive"),
        ({"num_entries": 0}, "`epsilon` and `num_entries` must be positive"),
        ({"loss": lambda out, target: out}, r"`loss` must return one finite number, but got shape \(5, 1\)"),
        (
            {"loss": lambda out, target: (out * float("nan")).sum()},
            "`loss` must return one finite number, but got nan",
        ),
        (
            {"loss": lambda out, target: out.detach().sum()},
            "`model` must have parameters that the loss depends on",
        ),
    ],
)
def test_what_cannot_be_checked_is_refused(changes, words):
    """With the condition and what was got."""
    loss = changes.pop("loss", mean_square)

    with pytest.raises(ConfigError, match=words):
        check_gradients(nn.Linear(3, 1), loss, X, Y, **changes)
