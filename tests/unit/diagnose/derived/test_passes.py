"""What passes through the network, then and now."""

import pytest
import torch
from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.derived.passes import now_pass, start_pass


def test_layers_come_in_the_order_of_the_pass():
    """Weights and non-linearities, functions included, each with its units."""
    layers = now_pass(facts_of(tower(16, 8)))

    assert [(one.kind, one.num_units) for one in layers] == [
        ("linear", 16),
        ("relu", 16),
        ("linear", 8),
        ("relu", 8),
        ("linear", 1),
    ]


def test_start_and_now_are_different_networks():
    """The first is that of the copy from before the first step."""
    facts = facts_of(tower(16, gain=2.0), start=tower(16))

    assert now_pass(facts)[0].spread == pytest.approx(2 * start_pass(facts)[0].spread, rel=1e-4)


def test_dead_units_and_flat_ones_are_told():
    """A rectifier that never fires is dead; a tanh at its end has no slope."""
    dead = now_pass(facts_of(tower(16, bias=-50.0)))[1].dead
    flat = now_pass(facts_of(tower(16, activation=nn.Tanh, bias=20.0)))[1].slope

    assert dead == 1.0
    assert flat < 0.01


def test_the_bias_is_left_out_of_what_weights_make():
    """A bias makes outputs large, but no signal."""
    plain, offset = (now_pass(facts_of(tower(16, bias=bias)))[0] for bias in (0.0, 5.0))

    assert offset.weighted_rms == pytest.approx(plain.weighted_rms, rel=1e-4)
    assert offset.rms > 2 * plain.rms


def test_the_model_is_left_as_it_is():
    """Copies are run: no gradient, no statistic, no mode changes."""
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1)).eval()
    before = {name: one.clone() for name, one in model.state_dict().items()}
    now_pass(facts_of(model))

    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
    assert not model.training
    assert all(one.grad is None for one in model.parameters())
