"""What is measured of the signal, against plain formulas."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from practicum.checks.signal import alike, signal_rows
from practicum.core.errors import ConfigError

CHOOSER = torch.Generator().manual_seed(0)
X, Y = torch.randn(12, 3, generator=CHOOSER).double(), torch.randn(12, 1, generator=CHOOSER).double()


def rows_of(model, x=X, y=Y, **options):
    """Return the rows by name."""
    return {row.name: row for row in signal_rows(model.double(), F.mse_loss, x, y, **options)}


def test_sizes_and_gradients_are_those_of_plain_autograd():
    """Computed by hand for a net of one hidden layer."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()
    z = model[0](X).detach().requires_grad_()
    h = z.tanh()
    h.retain_grad()
    F.mse_loss(model[2](h), Y).backward()
    rows = rows_of(model)

    assert list(rows) == ["0", "1", "2"]
    assert [row.num_layers for row in rows.values()] == [1, 0, 1]
    assert rows["0"].output_size == pytest.approx(float(z.detach().square().mean().sqrt()))
    assert rows["0"].gradient_size == pytest.approx(float(z.grad.square().mean().sqrt()))
    assert rows["1"].gradient_size == pytest.approx(float(h.grad.square().mean().sqrt()))
    assert rows["0"].spread == pytest.approx(float(X.var(0, correction=0).mean().sqrt()))
    assert rows["1"].output_spread == pytest.approx(float(h.detach().var(0, correction=0).mean().sqrt()))
    assert rows["2"].spread == pytest.approx(rows["1"].output_spread)
    assert rows["0"].stretch.largest == pytest.approx(
        float(torch.linalg.svdvals(model[0].weight.detach())[0])
    )


@pytest.mark.parametrize(("kind", "scale"), [(nn.Tanh, 1.0), (nn.Sigmoid, 4.0)])
def test_the_saturated_have_a_twentieth_of_the_slope(kind, scale):
    """By the slope that autograd gives; others have no such share."""
    model = nn.Sequential(nn.Linear(3, 50), kind(), nn.Linear(50, 1)).double()
    with torch.no_grad():
        model[0].weight *= 5 * scale
    z = model[0](X).detach().requires_grad_()
    (slopes,) = torch.autograd.grad(kind()(z).sum(), z)
    expected = float((slopes * scale < 0.05).double().mean())
    rows = rows_of(model)

    assert 0.1 < expected < 0.9
    assert rows["1"].saturated == pytest.approx(expected)
    assert rows["0"].saturated is None
    assert rows["1"].dead is None


def test_the_dead_are_off_for_all_examples():
    """Units of the last axis; channels after a convolution."""
    flat = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Linear(4, 1))
    images = nn.Sequential(
        nn.Unflatten(1, (1, 3)), nn.Conv1d(1, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1)
    )
    for layer in (flat[0], images[1]):
        nn.init.zeros_(layer.weight)
        layer.bias.data.copy_(torch.tensor([1.0, -1.0, 1.0, 1.0]))

    assert rows_of(flat)["1"].dead == 0.25
    assert rows_of(images)["2"].dead == 0.25
    assert rows_of(flat)["0"].output_size == pytest.approx(1.0)  # what comes in place leaves it alone


@pytest.mark.parametrize("rectify", [nn.ReLU(inplace=True), torch.relu_], ids=["module", "function"])
def test_what_is_done_in_place_changes_no_number(rectify):
    """The rows are those of the same net that keeps its numbers."""

    class Rectified(nn.Module):
        def __init__(self, function):
            super().__init__()
            torch.manual_seed(0)
            self.first, self.function, self.last = nn.Linear(3, 4), function, nn.Linear(4, 1)

        def forward(self, x):
            return self.last(self.function(self.first(x)))

    kept = rows_of(Rectified(nn.ReLU() if isinstance(rectify, nn.Module) else torch.relu))

    assert rows_of(Rectified(rectify)) == kept


def test_the_first_call_of_a_shared_layer_is_its_row():
    """And a layer that is called through no module of its own has none."""
    shared = nn.Linear(3, 3)
    model = nn.Sequential(shared, nn.Tanh(), shared, nn.Linear(3, 1))
    rows = rows_of(model)

    assert list(rows) == ["0", "1", "3"]
    assert rows["0"].spread == pytest.approx(float(X.var(0, correction=0).mean().sqrt()))


def test_recurrent_and_embedding_layers_have_rows():
    """The first with several outputs, the second with whole numbers as inputs."""

    class Words(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.cell, self.last = (
                nn.Embedding(9, 4),
                nn.GRU(4, 5, batch_first=True),
                nn.Linear(5, 1),
            )

        def forward(self, x):
            return self.last(self.cell(self.table(x))[0][:, -1])

    rows = rows_of(Words(), torch.arange(36).reshape(12, 3) % 9)

    assert list(rows) == ["table", "cell", "last"]
    assert math.isnan(rows["table"].spread)
    assert rows["table"].stretch is None
    assert all(row.gradient_size > 0 for row in rows.values())


def test_pairs_of_the_same_rows_are_counted():
    """Of none there is no share; of zeros, all."""
    assert alike(torch.tensor([[1.0], [1.0], [3.0]])) == pytest.approx(1 / 3)
    assert alike(torch.zeros(3, 2)) == 1
    assert alike(torch.ones(1, 5)) is None
    assert alike(torch.eye(4)) == 0


def test_settings_and_models_that_cannot_be_looked_at_are_refused():
    """No examples to look at; nothing that learns."""
    with pytest.raises(ConfigError, match="`num_probes` must be ≥ 1, but got num_probes=0"):
        signal_rows(nn.Linear(3, 1), F.mse_loss, X, Y, num_probes=0)
    with pytest.raises(ConfigError, match="`model` must have parameters that the loss depends on"):
        signal_rows(nn.Tanh(), F.mse_loss, X, X)


def test_the_model_stays_as_it_was():
    """Mode, statistics, gradients, hooks, frozen parameters, random generator."""
    model = nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(4, 1)
    )
    model[0].requires_grad_(False)
    before = [one.clone() for one in model.state_dict().values()]
    state = torch.get_rng_state()
    with torch.no_grad():
        signal_rows(model, F.mse_loss, X.float(), Y.float())

    assert all(torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True))
    assert [one.requires_grad for one in model.parameters()] == [False, False, True, True, True, True]
    assert all(one.grad is None for one in model.parameters())
    assert model.training
    assert model[2].inplace
    assert not any(module._forward_hooks for module in model.modules())
    assert torch.equal(state, torch.get_rng_state())
