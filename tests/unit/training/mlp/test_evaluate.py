"""Facts about evaluation on a whole data set."""

import numpy as np
import pytest
import torch
from tests.oracles.loop import mean_loss
from tests.oracles.problems import TASK_NAMES, advance, problem, small_recipe

from practicum.core.metrics import error
from practicum.models.committee import member_prediction
from practicum.models.mlp import MLP
from practicum.models.output import OUTPUT_UNITS
from practicum.training.mlp.evaluate import CHUNK, Evaluator
from practicum.training.mlp.task import MLPTask


def evaluator_of(pack):
    """Return an evaluator of the pack's parameters on its validation rows."""
    return Evaluator(pack.task.network, pack.parameters, pack.task.valid)


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
@pytest.mark.parametrize("num_rows", [1, 7, 16, CHUNK - 6, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 40])
@pytest.mark.parametrize("task", TASK_NAMES)
def test_chunks_give_what_one_pass_gives(task, num_rows, num_levels):
    """For fewer rows than a chunk, as many, more, and with a ragged end."""
    data = problem(task, num_train=32, num_valid=num_rows, num_levels=num_levels)
    if task == "regression":
        data.valid.target.mul_(2)  # a deviation of 2, by which the error is divided
    pack = data.pack([small_recipe(seed=0), small_recipe(seed=1)])
    advance(pack, 10)

    found = evaluator_of(pack).run()

    for k in range(2):
        module = MLP(pack.task.network, pack.parameters.get(k))
        logits = module(data.valid.x, data.valid.codes).detach()
        row_losses = OUTPUT_UNITS[task].row_losses(logits, data.valid.target)
        predicted = member_prediction(module, data.valid)
        true_error = error(task, data.valid.target.numpy(), predicted, target_scale=1.0)
        assert found.loss[k] == pytest.approx(float(mean_loss(task, logits, data.valid.target)), rel=1e-5)
        assert found.error[k] == pytest.approx(true_error, rel=1e-5)
        torch.testing.assert_close(found.row_losses[k], row_losses, atol=1e-5, rtol=1e-5)


def test_the_mean_is_an_error_of_one():
    """For regression, a net that knows only the mean of the rows has error 1."""
    data = problem("regression")
    pack = data.pack([small_recipe()])
    values = pack.parameters.get(0)
    pack.parameters.put(0, values | {"layers.2.bias": data.valid.target.mean()[None]})

    assert evaluator_of(pack).run().error == pytest.approx([1.0], rel=1e-6)


def test_equal_targets_leave_the_error_unscaled():
    """Where there is no deviation, the error is the plain root mean squared error."""
    data = problem("regression")
    data.valid.target.fill_(3.0)

    assert evaluator_of(data.pack([small_recipe()])).run().error == pytest.approx([3.0])


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_a_broken_trial_leaves_its_neighbours_alone(task):
    """NaN parameters give error 1 (classes) or NaN; the other trial's numbers keep their bits."""
    data = problem(task)
    pack = data.pack([small_recipe(seed=0), small_recipe(seed=0)])
    advance(pack, 10)
    evaluator = evaluator_of(pack)
    before = evaluator.run()
    pack.parameters.put(1, {name: value * torch.nan for name, value in pack.parameters.get(1).items()})
    after = evaluator.run()

    assert after.loss[0] == before.loss[0]
    assert after.error[0] == before.error[0]
    assert np.isnan(after.loss[1])
    assert after.error[1] == 1.0 if task == "multiclass" else np.isnan(after.error[1])


def test_an_untrained_net_has_only_ties_and_is_wrong_everywhere():
    """Its output weights are zero: it knows nothing and is not paid for it."""
    pack = problem("multiclass").pack([small_recipe()])

    assert evaluator_of(pack).run().error.tolist() == [1.0]


def test_evaluation_changes_nothing():
    """Looking at the parameters leaves them as they are, and twice gives the same."""
    pack = problem("binary").pack([small_recipe()])
    advance(pack, 10)
    evaluator, before = evaluator_of(pack), pack.parameters.flat.clone()
    first, second = evaluator.run(), evaluator.run()

    assert torch.equal(pack.parameters.flat, before)
    assert first.loss.tolist() == second.loss.tolist()


def test_it_can_look_at_other_rows():
    """Any laid-out data set can be evaluated, not only the validation rows."""
    data = problem("binary")
    pack = data.pack([small_recipe()])
    swapped = MLPTask(pack.task.network, pack.task.train, pack.task.train)

    assert evaluator_of(pack).run().row_losses.shape == (1, 50)
    assert Evaluator(swapped.network, pack.parameters, swapped.valid).run().row_losses.shape == (1, 90)
