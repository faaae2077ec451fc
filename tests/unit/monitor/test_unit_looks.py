"""Facts about what is seen of a pass."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from practicum.monitor.calls import Calls
from practicum.monitor.unit_looks import UnitLooks


def looked(model, x, *, deep=False):
    """Run one pass forth and back, and return what was seen."""
    failures = []
    looks = UnitLooks({id(one): name for name, one in model.named_parameters()}, failures.append)
    looks.begin(deep=deep)
    with Calls(looks.hear):
        output = model(x)
    output.square().mean().backward()
    assert failures == []
    return looks.take()()


def test_numbers_are_those_of_plain_autograd():
    """Size, deviation and gradient of a hidden layer, by hand."""
    model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 2))
    x = torch.randn(16, 5)
    found = looked(model, x)
    z = model[0](x).detach().requires_grad_()
    a = F.relu(z)
    a.retain_grad()
    model[2](a).square().mean().backward()

    linear, rectifier, _last = found
    assert (linear.name, rectifier.name, rectifier.kind) == ("0", "0, relu", "relu")
    assert math.isclose(linear.rms, float(z.detach().square().mean().sqrt()), rel_tol=1e-5)
    assert math.isclose(linear.gradient_rms, float(z.grad.square().mean().sqrt()), rel_tol=1e-4)
    assert math.isclose(rectifier.deviation, float(a.detach().std(correction=0)), rel_tol=1e-5)
    assert rectifier.firing == tuple((a > 0).sum(0).tolist())
    assert rectifier.rows == 16


def test_channels_are_the_units_of_a_convolution():
    """And the last axis those of a sequence of linear layers."""
    pictures = looked(nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU()), torch.randn(4, 1, 8, 8))
    sequence = looked(nn.Sequential(nn.Linear(3, 5), nn.Tanh()), torch.randn(4, 7, 3))

    assert [one.num_units for one in pictures] == [6, 6]
    assert [one.num_units for one in sequence] == [5, 5]
    assert pictures[1].rows == 4 * 36
    assert len(sequence[1].slopes) == 5


def test_histograms_are_kept_of_deep_looks():
    """Of the output and of its gradient."""
    model, x = nn.Sequential(nn.Linear(3, 4), nn.ReLU()), torch.randn(8, 3)

    assert all(one.histogram == () for one in looked(model, x))
    deep = looked(model, x, deep=True)
    assert all(sum(one.histogram) == sum(one.gradient_histogram) == 32 for one in deep)


def test_an_in_place_rectifier_changes_nothing():
    """Outputs that are written over afterwards are looked at before."""
    plain = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 2))
    inplace = nn.Sequential(plain[0], nn.ReLU(inplace=True), plain[2])
    x = torch.randn(16, 5)

    assert looked(plain, x)[0] == looked(inplace, x)[0]


def test_a_failure_is_told_and_the_pass_goes_on(monkeypatch):
    """Whatever goes wrong while looking."""
    failures = []
    looks = UnitLooks({}, failures.append)
    monkeypatch.setattr(looks, "_measured", lambda *_: 1 / 0)
    with Calls(looks.hear):
        output = nn.Linear(2, 2)(torch.ones(1, 2))

    assert output.shape == (1, 2)
    assert isinstance(failures[0], ZeroDivisionError)


def test_an_encoder_in_inference_mode_is_heard():
    """Nobody counts how often its outputs are written into."""

    class Half(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder, self.head = nn.Linear(3, 4), nn.Linear(4, 2)

        def forward(self, x):
            with torch.inference_mode():
                z = self.encoder(x)
            return self.head(z.clone())

    assert [one.name for one in looked(Half(), torch.randn(5, 3))] == ["encoder", "head"]


def test_what_goes_in_is_what_came_out_before():
    """Its size is not measured twice; where it was written over, it is."""
    linear, rectifier, last = looked(
        nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 2)), torch.randn(16, 5)
    )

    assert (rectifier.input_rms, last.input_rms) == pytest.approx((linear.rms, rectifier.rms))
