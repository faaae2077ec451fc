"""Facts about running a copy aside."""

import torch
from torch import nn

from practicum.monitor.aside import ROWS, outputs_of


def test_the_model_is_left_as_it_is():
    """Mode, running statistics and random numbers."""
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5))
    model.train()
    state, mean = torch.get_rng_state(), model[0].running_mean.clone()

    outputs_of(model, torch.randn(8, 3, generator=torch.Generator().manual_seed(0)), training=True)

    assert model.training
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(model[0].running_mean, mean)


def test_many_rows_go_through_in_parts():
    """The outputs are those of all at once."""
    model, x = nn.Linear(3, 2), torch.randn(2 * ROWS + 5, 3)

    torch.testing.assert_close(outputs_of(model, x), model(x).detach())


def test_outputs_that_are_no_tensor_are_none():
    """A dictionary, say."""

    class Own(nn.Module):
        def forward(self, x):
            return {"x": x}

    assert outputs_of(Own(), torch.ones(2, 2)) is None
