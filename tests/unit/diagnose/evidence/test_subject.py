"""Facts about copies of a loop: they are whole, they are the loop's equals, and nothing of the user's is theirs."""

import random

import numpy as np
import pytest
import torch
from tests.made_subjects import NUM_TRAIN, NUM_VALID, made_net, made_subject
from torch import nn

from practicum.diagnose.evidence.ab import compare
from practicum.diagnose.evidence.subject import CannotTryError, Rows, Subject, twin_of, undisturbed
from practicum.diagnose.evidence.variants import RANDOM

OPTIMISERS = [
    lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=1e-3),
    lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    lambda parameters: torch.optim.AdamW(parameters, lr=0.01, amsgrad=True),
    lambda parameters: torch.optim.RMSprop(parameters, lr=0.01),
    lambda parameters: torch.optim.Adagrad(parameters, lr=0.01),
    lambda parameters: torch.optim.NAdam(parameters, lr=0.01),
]


@pytest.mark.parametrize("make", OPTIMISERS)
def test_a_copy_goes_on_as_the_loop_itself_would(make):
    """A step of the copy and the same step of the loop give the same bits: memory and options are copied."""
    subject = made_subject(make, num_steps=5)
    twin = twin_of(subject, 1)
    rows, targets = subject.inputs[:32], subject.targets[:32]
    for model, optimizer in ((subject.model, subject.optimizers[0]), (twin.model, twin.optimizers[0])):
        model.eval()
        optimizer.zero_grad()
        subject.loss_fn(model(rows), targets).backward()
        optimizer.step()

    for one, other in zip(subject.model.parameters(), twin.model.parameters(), strict=True):
        assert torch.equal(one, other)


def test_experiments_touch_nothing_of_the_loop():
    """Weights, buffers, gradients, modes, the optimiser's memory and all global generators stay the same bits."""
    subject = made_subject(OPTIMISERS[0], num_steps=5)
    model, optimizer = subject.model, subject.optimizers[0]
    model.train()

    def everything():
        state = [*model.state_dict().values(), *(one.grad for one in model.parameters())]
        memory = [one["momentum_buffer"] for one in optimizer.state.values()]
        options = [{k: v for k, v in group.items() if k != "params"} for group in optimizer.param_groups]
        generators = (torch.get_rng_state().tolist(), random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
        return [one.clone() for one in (*state, *memory)], options, generators, model.training

    before = everything()
    compare(subject, RANDOM, num_steps=3, num_seeds=3)
    compare(subject, RANDOM, num_steps=3, num_seeds=3, afresh=True)
    after = everything()

    assert all(torch.equal(one, other) for one, other in zip(before[0], after[0], strict=True))
    assert before[1:] == after[1:]


def test_a_loss_that_sees_the_users_own_model_gives_it_no_gradient():
    """Gradients go to copies alone."""
    model = nn.Linear(6, 2)

    def loss_fn(output, targets):
        return nn.functional.cross_entropy(output, targets) + 0.1 * model.weight.square().sum()

    subject = made_subject(model=model, loss_fn=loss_fn)
    compare(subject, RANDOM[:1], num_steps=2, num_seeds=3)

    assert model.weight.grad is None


def test_afresh_is_where_the_loop_began():
    """The weights are those of the start, and the optimiser remembers nothing."""
    subject = made_subject(OPTIMISERS[1], num_steps=5)
    twin = twin_of(subject, 1, afresh=True)

    assert torch.equal(twin.model[0].weight, made_net()[0].weight)
    assert not twin.optimizers[0].state


def test_without_validation_rows_some_are_held_out():
    """A quarter of the training rows is kept from the copies, and no row is in both parts."""
    subject = made_subject(valid=False)
    train, held = subject.parts()
    shared = (train.inputs[:, None] == held.inputs[None]).all(-1).any()

    assert (len(train), len(held)) == (NUM_TRAIN - NUM_TRAIN // 4, NUM_TRAIN // 4)
    assert not shared


def test_validation_rows_are_held_out():
    """Where they are known, all training rows train."""
    assert [len(part) for part in made_subject().parts()] == [NUM_TRAIN, NUM_VALID]


@pytest.mark.parametrize("inputs", [torch.ones(5, 2), (torch.ones(5, 2), "word"), {"x": torch.ones(5, 2)}])
def test_rows_are_those_of_whatever_the_model_takes(inputs):
    """A tensor, a tuple of arguments, or named ones."""
    rows = Rows(inputs, torch.zeros(5)).some(torch.tensor([1, 2]))

    assert (len(Rows(inputs, torch.zeros(5))), len(rows), len(rows.targets)) == (5, 2, 2)


def test_named_arguments_are_given_by_name():
    """As transformers take them."""

    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 1)

        def forward(self, x, shift):
            return self.layer(x) + shift

    model = Named()
    rows = {"x": torch.ones(8, 2), "shift": torch.ones(8, 1)}
    subject = Subject(
        model, torch.optim.SGD(model.parameters(), lr=0.1), nn.functional.mse_loss, rows, torch.ones(8, 1)
    )

    assert twin_of(subject, 1).output(Rows(rows, None)).shape == (8, 1)


def test_an_optimiser_with_a_constructor_of_its_own_is_copied():
    """Where its defaults do not make another one, the whole object is copied with its parameters."""

    class Odd(torch.optim.SGD):
        def __init__(self, parameters, partner):
            super().__init__(parameters, lr=partner)

    subject = made_subject(lambda parameters: Odd(parameters, 0.3))
    twin = twin_of(subject, 1)

    assert twin.optimizers[0].param_groups[0]["params"][0] is twin.model[0].weight
    assert twin.optimizers[0].param_groups[0]["lr"] == 0.3


def test_what_cannot_be_copied_is_said():
    """A model that keeps a tensor of its graph."""
    subject = made_subject()
    subject.model.kept = subject.model[0].weight * 2

    with pytest.raises(CannotTryError, match="cannot be copied"):
        twin_of(subject, 1)


def test_global_draws_are_those_of_the_seed_inside_and_untouched_outside():
    """Python's, NumPy's and PyTorch's."""

    def drawn():
        return random.random(), float(np.random.random()), float(torch.rand(()))  # noqa: NPY002

    with undisturbed(3):
        first = drawn()
    state = random.getstate()
    with undisturbed(3):
        second = drawn()

    assert first == second
    assert random.getstate() == state
