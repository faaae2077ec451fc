"""Every program keeps the contract of :class:`practicum.training.program.Program`."""

import torch
from tests.oracles.problems import problem, small_recipe

from practicum.training.program import Role


def test_roles_name_every_parameter():
    """Layers count from the input; a vector is a bias; tables belong to the first layer."""
    pack = problem("binary", num_levels=(4,)).pack([small_recipe()])

    assert pack.program.roles == {
        "layers.0.weight": Role(0, "weight"),
        "layers.1.weight": Role(1, "weight"),
        "layers.2.weight": Role(2, "weight"),
        "layers.0.bias": Role(0, "bias"),
        "layers.1.bias": Role(1, "bias"),
        "layers.2.bias": Role(2, "bias"),
        "embeddings.0.weight": Role(0, "embedding"),
    }


def test_gradients_come_in_the_order_of_the_parameters():
    """One tensor a block, of its shape."""
    program = problem("binary").pack([small_recipe(), small_recipe()]).program
    gradients = program.gradients(torch.arange(16), 0)

    assert [g.shape for g in gradients] == [block.shape for block in program.parameters.blocks.values()]
