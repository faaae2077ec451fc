"""Singular values of modules' Jacobians against closed forms and a slow twin."""

import pytest
import torch
from torch import nn

from practicum.checks import jacobians
from practicum.checks.jacobians import stretch

X = torch.randn(6, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def of(module, x=X, num=3):
    """Return the stretch of a module in double precision."""
    return stretch(module.double(), x, num, torch.Generator().manual_seed(0))


@pytest.mark.parametrize("num_outputs", [3, 7])
def test_of_a_linear_map_they_are_those_of_its_weights(num_outputs):
    """For each example the same."""
    layer = nn.Linear(5, num_outputs)
    found, values = of(layer), torch.linalg.svdvals(layer.double().weight.detach())

    assert (found.largest, found.median, found.smallest) == pytest.approx(
        values[[0, len(values) // 2, -1]].tolist()
    )
    assert found.root_mean_square == pytest.approx(float(values.square().mean().sqrt()))


def test_of_an_elementwise_function_they_are_its_slopes():
    """Averaged over the examples, sorted within each."""
    slopes = (1 - X[:3].tanh() ** 2).sort(descending=True).values.mean(0)
    found = of(nn.Tanh())

    assert (found.largest, found.median, found.smallest) == pytest.approx(slopes[[0, 2, 4]].tolist())


@pytest.mark.parametrize(
    ("module", "x"),
    [
        (nn.Conv1d(2, 3, 2), torch.randn(4, 2, 5).double()),
        (nn.LayerNorm(5), X),
        (nn.BatchNorm1d(5), X),
        (nn.MaxPool1d(2), torch.randn(4, 2, 6).double()),
    ],
)
def test_they_are_those_of_the_jacobian(module, x):
    """By PyTorch's own function, in evaluation mode."""
    found, double = of(module, x, 1), module.double().eval()
    jacobian = torch.autograd.functional.jacobian(double, x[:1]).reshape(double(x[:1]).numel(), -1)
    values = torch.linalg.svdvals(jacobian)

    assert found.largest == pytest.approx(float(values[0]))
    assert found.smallest == pytest.approx(float(values[-1]), abs=1e-12)


def test_probes_estimate_what_is_too_large(monkeypatch):
    """Without bias: within the spread of sixteen directions."""
    layer = nn.Linear(5, 64)
    exact = of(layer)
    monkeypatch.setattr(jacobians, "MAX_ENTRIES", 10)
    probed = of(layer, num=6)

    assert probed.root_mean_square == pytest.approx(exact.root_mean_square, rel=0.1)
    assert probed.root_mean_square != exact.root_mean_square
    assert probed.largest is None


def test_what_has_no_derivative_by_its_input_has_none():
    """Whole numbers, vectors, and outputs without a row for each example."""

    class Whole(nn.Module):
        def forward(self, x):
            return x.mean()

    assert stretch(nn.Embedding(3, 2), torch.tensor([[0, 1]]), 1, torch.Generator()) is None
    assert of(nn.Tanh(), X[0]) is None
    assert of(Whole()) is None


def test_a_module_that_writes_into_its_input_changes_nothing():
    """Nor is its mode changed."""
    module, x = nn.ReLU(inplace=True), X.clone()

    assert of(module, x).largest == 1
    assert torch.equal(x, X)
    assert module.training
