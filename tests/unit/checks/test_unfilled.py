"""Unfilled memory shows; the module that makes the first number that is not finite is named."""

import pytest
import torch
from torch import nn

from practicum.checks.unfilled import first_not_finite, nan_filled_buffers
from practicum.core.errors import ConfigError

X = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))


class Buffered(nn.Module):
    """Writes into a buffer and forgets some of it."""

    def __init__(self, num_filled):
        super().__init__()
        self.num_filled = num_filled

    def forward(self, x):
        buffer = x.new_empty(x.shape)
        buffer[:, : self.num_filled] = x[:, : self.num_filled]
        return buffer


class Logged(nn.Module):
    """Takes a log of its own."""

    def __init__(self, low):
        super().__init__()
        self.first, self.low = nn.Linear(3, 3), low

    def forward(self, x):
        return (self.first(x).square() + self.low).log()


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.empty(2, 3),
        lambda: torch.empty((2, 3), dtype=torch.float16, requires_grad=True),
        lambda: torch.empty_like(torch.ones(2, 3)),
        lambda: torch.empty_strided((2, 3), (1, 2)),
        lambda: torch.empty_permuted((2, 3), (1, 0)),
        lambda: torch.ones(1).new_empty(2, 3),
        lambda: torch.ones(1).new_empty_strided((2, 3), (1, 2)),
        lambda: torch.empty(2, 3, dtype=torch.complex64),
    ],
)
def test_what_is_made_without_values_is_filled_with_nan(make):
    """Whichever way; with values it is as ever, and so it is afterwards."""
    with nan_filled_buffers():
        made, filled = make(), torch.zeros(2, 3)

    assert torch.isnan(made).all()
    assert torch.equal(filled, torch.zeros(2, 3))


def test_whole_numbers_are_left_alone_and_layers_can_be_made():
    """There is no NaN among them; layers fill what they allocate."""
    with nan_filled_buffers():
        whole = torch.empty(3, dtype=torch.int64)
        layer = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.LSTM(4, 2), nn.Embedding(3, 2))
        output = layer[1](layer[0](X))

    assert whole.dtype == torch.int64
    assert all(torch.isfinite(one).all() for one in layer.state_dict().values())
    assert torch.isfinite(output).all()


def test_it_ends_also_after_an_error():
    """Nothing is filled behind it."""
    with pytest.raises(ValueError, match="stop"), nan_filled_buffers():
        raise ValueError("stop")

    assert all(mode is None for mode in [torch.overrides._get_current_function_mode()])


def test_an_unfilled_buffer_shows_in_the_output_and_has_a_name():
    """One that is filled completely does not [4.1-10]."""
    with nan_filled_buffers():
        forgotten = first_not_finite(nn.Sequential(nn.Linear(3, 3), Buffered(2), nn.Linear(3, 1)), X)
        complete = first_not_finite(nn.Sequential(nn.Linear(3, 3), Buffered(3), nn.Linear(3, 1)), X)

    assert forgotten == "1"
    assert complete is None


def test_the_innermost_module_is_named_and_else_the_one_that_holds_the_operation():
    """The first in the order of calls; the model itself is "" [O15]."""
    assert (
        first_not_finite(
            nn.Sequential(nn.Linear(3, 3), nn.Sequential(Logged(-99), nn.Tanh()), Logged(-99)), X
        )
        == "1.0"
    )
    assert first_not_finite(Logged(-99), X) == ""
    assert first_not_finite(Logged(1), X) is None


def test_a_module_that_is_given_no_number_is_not_at_fault():
    """It ends before the one that made the number."""

    class Before(nn.Module):
        def __init__(self):
            super().__init__()
            self.last = nn.Linear(3, 1)

        def forward(self, x):
            return self.last(x / 0)

    assert first_not_finite(nn.Sequential(nn.Tanh(), Before()), X) == "1"


def test_weights_that_are_no_numbers_are_found():
    """By the module that owns them."""
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    with torch.no_grad():
        model[1].bias[1] = float("inf")

    assert first_not_finite(model, X) == "1"


def test_inputs_that_are_no_numbers_are_refused():
    """The model is not at fault."""
    with pytest.raises(ConfigError, match="`inputs` must be finite"):
        first_not_finite(nn.Linear(3, 1), (X, X / 0))


def test_the_model_stays_as_it_was():
    """Statistics, hooks, mode, inputs, random generator."""
    model, x = nn.Sequential(nn.BatchNorm1d(3), nn.ReLU(inplace=True), nn.Dropout()), X.clone()
    before = [one.clone() for one in model.state_dict().values()]
    state = torch.get_rng_state()
    first_not_finite(model, x)
    first_not_finite(nn.ReLU(inplace=True), x)

    assert torch.equal(x, X)
    assert all(torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True))
    assert not any(module._forward_hooks for module in model.modules())
    assert model.training
    assert torch.equal(state, torch.get_rng_state())
