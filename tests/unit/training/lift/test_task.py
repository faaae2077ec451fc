"""Facts about what a user's module is trained on."""

from __future__ import annotations

import torch
from tests.oracles.modules import NUM_TRAIN, NUM_VALID, ZOO, zoo_recipes


def test_rows_are_counted():
    """Of both parts."""
    task = ZOO["input_gradient"].task()

    assert (task.num_train, task.num_valid) == (NUM_TRAIN, NUM_VALID)


def test_trials_of_one_build_share_a_structure():
    """Whatever their seeds."""
    task = ZOO["mlp"].task()
    one, other = zoo_recipes(2)

    assert task.structure(one) == task.structure(other)


def test_trials_that_differ_in_a_constant_do_not():
    """The slope of one would be the slope of all."""
    task = ZOO["liar_slopes"].task()
    one, other = zoo_recipes(2)

    assert task.structure(one) != task.structure(other)


def test_a_structure_is_built_once():
    """A second question is answered without building."""
    calls = []
    build = ZOO["mlp"].build
    task = ZOO["mlp"].task(build=lambda recipe: calls.append(0) or build(recipe))
    (recipe,) = zoo_recipes(1)
    task.structure(recipe)
    task.structure(recipe)

    assert len(calls) == 1


def test_a_program_is_lifted_or_alone():
    """As the task says."""
    task = ZOO["mlp"].task()

    assert task.program(zoo_recipes(2)).lifted
    assert not task.alone().program(zoo_recipes(1)).lifted


def test_data_may_be_in_double_precision():
    """The program follows the module."""
    program = ZOO["mlp"].task(torch.float64).program(zoo_recipes(1))

    assert program.parameters.flat.dtype == torch.float64
