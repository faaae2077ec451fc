"""Gains of layers before the first step."""

import pytest
from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.derived.gains import gains_of


def test_a_sound_start_has_the_gain_of_its_weights():
    """He's weights make √2 of a rectifier's input."""
    gains = gains_of(facts_of(tower(64, 64)))

    assert gains.gain == pytest.approx(2**0.5, rel=0.15)
    assert gains.num_layers == 3
    assert not gains.squashing


def test_layers_before_a_norm_do_not_count():
    """A norm makes good what weights did."""
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))

    assert gains_of(facts_of(model)) is None


def test_one_layer_has_none():
    """There is no hidden layer."""
    assert gains_of(facts_of(tower())) is None
