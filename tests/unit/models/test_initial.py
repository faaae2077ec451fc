"""Facts about initial values [3.2-28..31]."""

import numpy as np
import pytest
import torch
from tests.oracles.problems import problem, same_bits, small_recipe

from practicum.models.initial import glorot_range, initial_parameters
from practicum.models.network import Network

MNIST = Network(784, (500,), 10, "tanh", "multiclass")


@pytest.mark.parametrize(("activation", "r"), [("tanh", 0.06836), ("sigmoid", 0.27343)])
def test_the_range_is_the_chapters(activation, r):
    """784 inputs into 500 units: √(6/1284) for tanh, four times that for the sigmoid [3.2-30]."""
    assert glorot_range(784, 500, activation) == pytest.approx(r, abs=5e-6)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_units_with_more_inputs_get_smaller_weights(activation):
    """A layer four times as large both ways has half the range: one over the root of its size [3.2-29]."""
    ranges = [glorot_range(fan_in, 100, activation) for fan_in in (50, 100, 200, 400)]

    assert ranges == sorted(set(ranges), reverse=True)
    assert glorot_range(400, 400, activation) == pytest.approx(ranges[1] / 2)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_hidden_weights_fill_their_range_evenly(activation):
    """Uniform on (−r, r): mean 0, deviation r/√3, nothing outside, both ends reached."""
    network = Network(784, (500,), 10, activation, "multiclass")
    weight = initial_parameters(network, seed=0)["layers.0.weight"]
    r = glorot_range(784, 500, activation)

    assert weight.std() == pytest.approx(r / np.sqrt(3), rel=0.005)
    assert abs(weight.mean()) < 5 * r / np.sqrt(3 * weight.size)
    assert 0.999 * r < np.abs(weight).max() <= r


def test_biases_and_output_weights_start_at_zero():
    """Only hidden weights need noise, to break the symmetry of the units [3.2-28]."""
    values = initial_parameters(Network(8, (6, 5), 3, "tanh", "multiclass"), seed=0)
    zero = {name for name, value in values.items() if not value.any()}

    assert zero == {"layers.0.bias", "layers.1.bias", "layers.2.bias", "layers.2.weight"}


def test_the_scale_multiplies_all_hidden_weights():
    """An extra hyper-parameter that changes the size of the numbers and not their pattern [3.2-31]."""
    plain, scaled = (initial_parameters(MNIST, seed=0, scale=scale) for scale in (1.0, 2.0))

    for name, value in plain.items():
        np.testing.assert_allclose(scaled[name], 2 * value, rtol=1e-15)


def test_a_normal_has_the_deviation_of_the_uniform():
    """Bergstra & Bengio tried both [3.4-09]; only the shape differs."""
    weight = initial_parameters(MNIST, seed=0, distribution="normal")["layers.0.weight"]
    r = glorot_range(784, 500, "tanh")

    assert weight.std() == pytest.approx(r / np.sqrt(3), rel=0.005)
    assert np.abs(weight).max() > 1.5 * r
    assert np.abs(weight - weight.mean()).mean() == pytest.approx(weight.std() * np.sqrt(2 / np.pi), rel=0.01)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_the_older_range_is_one_over_the_root_of_the_fan_in(activation):
    """The same for every activation [3.2-29]; the scale multiplies it [3.2-31]."""
    network = Network(784, (500,), 10, activation, "multiclass")
    weight = initial_parameters(network, seed=0, scale=0.5, heuristic="fan_in")["layers.0.weight"]

    assert np.abs(weight).max() == pytest.approx(0.5 / 28, rel=1e-4)


def test_the_seed_decides():
    """Equal seeds give equal numbers, others do not."""
    first, again, other = (initial_parameters(MNIST, seed)["layers.0.weight"] for seed in (0, 0, 1))

    assert np.array_equal(first, again)
    assert not np.isclose(first, other).all(1).any()


def test_each_layer_draws_from_a_stream_of_its_own():
    """A layer added above changes nothing below."""
    shallow = initial_parameters(Network(8, (6, 6), 3, "tanh", "multiclass"), seed=0)
    deep = initial_parameters(Network(8, (6, 6, 6), 3, "tanh", "multiclass"), seed=0)

    assert np.array_equal(shallow["layers.0.weight"], deep["layers.0.weight"])
    assert np.array_equal(shallow["layers.1.weight"], deep["layers.1.weight"])
    assert not np.isclose(deep["layers.1.weight"], deep["layers.2.weight"]).any()


def test_embeddings_start_at_variance_one_and_the_unseen_level_at_zero():
    """They stand beside standardised inputs; level 0 says nothing until it is met."""
    values = initial_parameters(Network(0, (6,), 1, "tanh", "binary", num_levels=(1000, 3)), seed=0)
    table = values["embeddings.0.weight"]

    assert table.shape == (1000, 50)
    assert values["embeddings.1.weight"].shape == (3, 2)
    assert not table[0].any()
    assert table[1:].var() == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
def test_a_trial_starts_alike_in_any_pack(num_levels):
    """Neighbours and padding have no part in it."""
    data = problem("binary", num_levels=num_levels)
    recipes = [small_recipe(seed=seed) for seed in (3, 0, 7)]
    pack = data.pack(recipes)
    alone = initial_parameters(data.network(recipes[2]), seed=7)

    assert same_bits(
        pack.parameters.get(2), {name: torch.from_numpy(value).float() for name, value in alone.items()}
    )
