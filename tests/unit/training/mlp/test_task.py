"""Facts about what a perceptron is trained on."""

import pytest
import torch
from tests.oracles.problems import problem, small_recipe

from practicum.core.errors import ConfigError


def test_a_task_counts_its_rows():
    """Training and validation."""
    task = problem("binary", num_train=70, num_valid=30).laid_out(small_recipe())

    assert (task.num_train, task.num_valid) == (70, 30)


def test_a_recipe_that_does_not_go_with_a_perceptron_is_refused():
    """Before anything is trained."""
    task = problem("binary").laid_out(small_recipe())

    with pytest.raises(ConfigError, match="`l2_penalty` must be one number, or 3 numbers"):
        task.program([small_recipe(l2_penalty=(1.0, 2.0))])


def test_what_an_update_touches_grows_with_net_batch_and_rule():
    """Parameters once for plain descent, three times with gradient and state; outputs and slopes of every layer."""
    task = problem("binary").laid_out(small_recipe(hidden_sizes=(32,)))
    parameters, units = 16 * 32 + 32 * 16, 32 + 16

    assert task.touched_bytes(small_recipe(batch_size=16)) == 4 * (parameters + 2 * 16 * units)
    assert task.touched_bytes(small_recipe(batch_size=32)) == 4 * (parameters + 2 * 32 * units)
    assert task.touched_bytes(small_recipe(batch_size=16, momentum=0.5)) == 4 * (
        3 * parameters + 2 * 16 * units
    )


def test_only_numbers_start_with_losses_of_their_own():
    """Every row of classes starts with the same loss, so nothing has to be sampled."""
    assert problem("binary").laid_out(small_recipe()).sampled_start(torch.arange(4)) == 0.0
    rows = torch.arange(8).view(2, 4)

    assert problem("regression").laid_out(small_recipe()).sampled_start(rows).shape == (2,)
