"""Facts about the noise of a perceptron's training."""

import torch
from tests.oracles.problems import problem, small_recipe

from practicum.training.mlp.layout import Parameters
from practicum.training.mlp.noise import training_noise


def noise_of(*recipes):
    """Return the noise of these recipes and the number of inputs."""
    network = problem("binary", num_levels=(4,)).network(recipes[0])
    parameters = Parameters(network, len(recipes), torch.float32, torch.device("cpu"))
    return training_noise(network, parameters, recipes, 16), network


def test_without_levels_there_is_none():
    """And nothing is drawn."""
    assert noise_of(small_recipe())[0] is None


def test_a_trial_at_level_zero_keeps_its_numbers():
    """Beside one that is corrupted and dropped."""
    noise, network = noise_of(small_recipe(), small_recipe(dropout=0.5, corruption_level=0.5))
    x = torch.ones(2, 16, network.num_inputs + 3)
    noise.corrupt_(x, step=3)

    assert (x[0] == 1).all()
    assert 0.2 < float((x[1, :, : network.num_inputs] == 0).float().mean()) < 0.8
    assert all((mask[0] == 1).all() and (mask[1] == 0).any() for mask in noise.masks(3))


def test_looked_up_inputs_are_not_corrupted():
    """Only numbers and one-hot columns are: the place of an embedding is filled later."""
    noise, network = noise_of(small_recipe(corruption_level=1.0))
    x = torch.ones(1, 16, network.num_inputs + 3)
    noise.corrupt_(x, step=0)

    assert (x[:, :, network.num_inputs :] == 1).all()


def test_salt_and_pepper_sets_zeros_and_ones():
    """Evenly, in as many inputs as the level says."""
    noise, network = noise_of(small_recipe(corruption="salt_and_pepper", corruption_level=0.5))
    x = torch.full((1, 16, network.num_inputs), 7.0)
    noise.corrupt_(x, step=0)

    assert set(x.unique().tolist()) == {0.0, 1.0, 7.0}
    assert 0.2 < float((x == 7).float().mean()) < 0.8
