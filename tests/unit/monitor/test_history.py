"""Facts about computations that are still held."""

import pytest
import torch

from practicum.monitor.history import History, operations_of


@pytest.fixture
def weight():
    return torch.ones(3, requires_grad=True)


def steps(weight, keep):
    """Take 20 steps and return how many are held after 10 and after all."""
    history, kept, found = History(), None, []
    for number in range(1, 21):
        loss = (2 * weight).sum()
        history.mark(*operations_of(loss, None))
        loss.backward()
        kept = keep(kept, loss)
        if number % 10 == 0:
            found.append(history.held())
    return found


@pytest.mark.parametrize(
    "keep",
    [
        lambda kept, loss: loss if kept is None else kept + loss,
        lambda kept, loss: [*(kept or []), loss],
        lambda kept, loss: [*(kept or []), loss.exp()],
    ],
)
def test_losses_that_are_added_up_or_collected_are_held(weight, keep):
    assert steps(weight, keep) == [10, 20]


@pytest.mark.parametrize(
    "keep",
    [
        lambda _, loss: loss,
        lambda kept, loss: (kept or 0) + loss.item(),
        lambda kept, loss: [*(kept or []), loss.detach()],
    ],
)
def test_numbers_and_the_last_loss_are_not(weight, keep):
    assert max(steps(weight, keep)) <= 1


def test_a_circle_that_nobody_holds_is_not_held(weight):
    def circle(_, loss):
        ring = [loss]
        ring.append(ring)

    assert max(steps(weight, circle)) <= 1


def test_outputs_that_are_kept_are_held(weight):
    """Though their losses are not."""
    history, kept = History(), []
    for _ in range(10):
        output = 2 * weight
        loss = output.sum()
        history.mark(*operations_of(loss, output))
        loss.backward()
        kept.append(output)

    assert history.held() == 10


def test_numbers_and_what_is_detached_have_no_operation(weight):
    output = 2 * weight

    assert operations_of(0.5, output) == [output.grad_fn]
    assert operations_of(output.sum().detach(), None) == operations_of(0.5, output.detach()) == []
