"""Facts about K trials in one pass: each is its plain module."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.modules import LIFTABLE, ZOO, zoo_recipes
from tests.oracles.plain_step import plain_step

from practicum.training.lift.program import LiftedProgram

SHARED, OWN = torch.arange(8), torch.arange(24).view(3, 8)
STEP = 3


@pytest.mark.parametrize("indices", [SHARED, OWN], ids=["shared", "own"])
@pytest.mark.parametrize("name", LIFTABLE)
def test_every_trial_is_its_plain_module(name, indices):
    """Losses, gradients, masks and buffers agree to 1e-10 in double precision."""
    task, recipes = ZOO[name].task(torch.float64), zoo_recipes(3, dropout=0.3)
    program = LiftedProgram(task, recipes)
    gradients = dict(zip(program.parameters.blocks, program.gradients(indices, STEP), strict=True))

    for k, recipe in enumerate(recipes):
        expected = plain_step(task, recipe, indices if indices.dim() == 1 else indices[k], STEP)
        torch.testing.assert_close(program.row_losses()[k], expected.losses, atol=1e-10, rtol=1e-10)
        for found, true in ((gradients, expected.gradients), (program.buffers, expected.buffers)):
            assert found.keys() == true.keys()
            for key, value in true.items():
                torch.testing.assert_close(found[key][k], value, atol=1e-10, rtol=1e-10)


def test_nan_in_one_trial_reaches_no_other():
    """The sound trials keep every bit, in gradients, losses and buffers."""
    for name in ("batch_norm", "convolutional", "attention"):
        case, (sound, sick) = ZOO[name], (LiftedProgram(ZOO[name].task(), zoo_recipes(3)) for _ in range(2))
        assert case.liftable
        sick.parameters.flat.copy_(sound.parameters.flat)
        for block in sick.parameters.blocks.values():
            block[1] = torch.nan
        pairs = list(zip(sound.gradients(SHARED, 0), sick.gradients(SHARED, 0), strict=True))
        pairs += [(sound.buffers[key], sick.buffers[key]) for key in sound.buffers]
        pairs += [(sound.batch_losses(), sick.batch_losses())]

        assert all(torch.equal(one[[0, 2]], other[[0, 2]]) for one, other in pairs)


def test_a_module_that_writes_into_its_input_leaves_the_data_alone():
    """It gets copies, in training and in validation."""
    task = ZOO["in_place"].task()
    train, valid = task.train["x"].clone(), task.valid["x"].clone()
    program = LiftedProgram(task, zoo_recipes(2))
    program.evaluate(program.parameters)
    program.gradients(SHARED, 0)

    assert torch.equal(task.train["x"], train)
    assert torch.equal(task.valid["x"], valid)


def test_a_pass_that_fails_changes_no_buffer():
    """A module that writes into its input is tried again, from the same statistics."""

    class Norm(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.shift = torch.nn.BatchNorm1d(5), torch.nn.Parameter(torch.ones(5))

        def forward(self, x):
            h = self.norm(x)
            x += self.shift
            return (h * x)[:, :3]

    task = ZOO["mlp"].task(torch.float64, build=lambda recipe: Norm().double())
    program = LiftedProgram(task, zoo_recipes(2))
    program.gradients(SHARED, 0)

    assert program.buffers["norm.num_batches_tracked"].tolist() == [1, 1]


def test_random_numbers_of_the_modules_own_are_refused():
    """They would be the same in all trials, or of no seed."""
    program = LiftedProgram(ZOO["noisy"].task(), zoo_recipes(2))

    with pytest.raises(RuntimeError, match="randomness"):
        program.gradients(SHARED, 0)


def test_what_is_recorded_does_not_move_the_global_generator():
    """Even where the module draws."""
    before = torch.get_rng_state()
    LiftedProgram(ZOO["noisy"].task(), zoo_recipes(2))

    assert torch.equal(torch.get_rng_state(), before)
