"""Facts about one trial by itself: its plain module."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.modules import ZOO, zoo_recipes
from tests.oracles.plain_step import plain_step

from practicum.training.lift.program import LiftedProgram

ROWS, STEP = torch.arange(8), 3
NOT_ITS_OWN = ("noisy", "liar_counts_for_all")
"""Their numbers depend on more than the module."""
SINGLE = ("liar_views", "liar_encloses")
"""A view of a weight does not follow it into double precision."""
PLAIN = [name for name in ZOO if name not in (*NOT_ITS_OWN, *SINGLE)]


def alone(task, **values):
    """Return the program of one trial."""
    return LiftedProgram(task, zoo_recipes(1, dropout=0.3, **values), lifted=False)


@pytest.mark.parametrize("name", PLAIN)
def test_it_is_the_plain_module(name):
    """Liftable or not: losses, gradients and buffers agree to 1e-12."""
    task = ZOO[name].task(torch.float64)
    program = alone(task)
    gradients = dict(zip(program.parameters.blocks, program.gradients(ROWS, STEP), strict=True))

    expected = plain_step(task, program.recipes[0], ROWS, STEP)
    torch.testing.assert_close(program.row_losses()[0], expected.losses, atol=1e-12, rtol=1e-12)
    for found, true in ((gradients, expected.gradients), (program.buffers, expected.buffers)):
        for key, value in true.items():
            torch.testing.assert_close(found[key][0], value, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("name", ["mlp", "batch_norm", "liar_views", "liar_listed", "replaced_buffer"])
def test_changing_the_stack_changes_the_module(name):
    """Two steps of descent are those of the plain loop, to 1e-6 in single precision."""
    task = ZOO[name].task()
    program, module = alone(task), task.build(zoo_recipes(1)[0])
    module.load_state_dict(program.weights_of(program.parameters, 0))
    for step in range(2):
        gradients = program.gradients(ROWS, step)
        for block, gradient in zip(program.parameters.blocks.values(), gradients, strict=True):
            block.sub_(gradient)
        module.zero_grad()
        task.loss(module, {"x": task.train["x"][ROWS], "y": task.train["y"][ROWS]}).mean().backward()
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.sub_(parameter.grad)

    for key, value in program.weights_of(program.parameters, 0).items():
        torch.testing.assert_close(value, module.state_dict()[key], atol=1e-6, rtol=1e-6)


def test_a_forward_pass_that_draws_is_reproducible():
    """Its numbers are a function of seed and update, and the global generator stays where it was."""
    task = ZOO["noisy"].task()
    before = torch.get_rng_state()
    runs = [[alone(task).gradients(ROWS, step)[0] for step in (0, 1)] for _ in range(2)]

    assert torch.equal(runs[0][0], runs[1][0])
    assert not torch.equal(runs[0][0], runs[0][1])
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", ["mlp", "liar_views"])
def test_evaluating_others_leaves_the_module_its_own(name):
    """The next gradient is at the program's parameters."""
    program = alone(ZOO[name].task())
    expected = [gradient.clone() for gradient in program.gradients(ROWS, 0)]
    other = program.parameters.like()
    program.evaluate(other)

    assert all(torch.equal(a, b) for a, b in zip(program.gradients(ROWS, 0), expected, strict=True))


def slope(model, batch):
    """Return a loss with a gradient at the inputs by autograd's older function."""
    x = batch["x"].requires_grad_()
    loss = model(x).square().sum(1)
    (grad,) = torch.autograd.grad(loss.sum(), x, create_graph=True)
    return loss + grad.square().sum(1)


def test_a_loss_may_differentiate_by_the_older_function():
    """In training and in validation, which has no graph otherwise."""
    program = alone(ZOO["mlp"].task(loss=slope))
    before = program.evaluate(program.parameters).loss
    program.gradients(ROWS, 0)

    assert program.evaluate(program.parameters).loss == pytest.approx(before)


def test_noise_that_begins_late_is_seeded_too():
    """A module may draw its first random number at any update; twice the same run gives the same bits."""

    class Late(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.calls = torch.nn.Linear(5, 3), 0

        def forward(self, x):
            self.calls += 1
            return self.one(x + torch.randn_like(x) if self.calls > 3 else x)

    task = ZOO["mlp"].task(build=lambda recipe: Late()).alone()
    state, found = torch.get_rng_state(), []
    for _ in range(2):
        one = LiftedProgram(task, zoo_recipes(1), lifted=False)
        found.append([one.gradients(torch.arange(8), step)[0].clone() for step in range(6)])

    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))
    assert torch.equal(torch.get_rng_state(), state)
