"""Facts about whose gradients were reset, added to and used."""

import torch
from torch import nn

from practicum.monitor.gradients import Watched, has_gradient


def watched():
    return Watched(nn.Parameter(torch.ones(3)), owner=0)


def give(one, value=1.0):
    """Add to a gradient, as a backward pass does, after it was looked at."""
    thrown = one.backward()
    grad = one.parameter.grad
    one.parameter.grad = torch.full((3,), value) if grad is None else grad + value
    return thrown


def test_a_gradient_that_was_reset_is_clean():
    one = watched()
    for _ in range(3):
        one.parameter.grad = None
        give(one)
        assert not one.update()


def test_zeros_are_reset_too():
    one = watched()
    give(one)
    one.update()
    one.parameter.grad.zero_()
    give(one)

    assert not one.update()


def test_a_used_gradient_that_was_added_to_is_stale():
    one = watched()
    give(one)
    assert not one.update()
    give(one)
    assert one.update()


def test_added_to_and_then_reset_before_the_update_is_in_order():
    """As where another net's gradient flows through, and is thrown away."""
    one = watched()
    give(one)
    one.update()
    give(one)
    one.parameter.grad = None
    give(one)

    assert not one.update()


def test_a_gradient_that_no_update_used_was_thrown_away():
    one = watched()
    assert not give(one)
    one.parameter.grad = None
    assert give(one)


def test_accumulated_gradients_are_not():
    one = watched()
    give(one)

    assert not give(one)
    assert not one.update()


def test_whether_it_moved_is_since_it_was_asked():
    one = watched()
    assert not one.moved()
    assert not one.moved()
    one.parameter.data.add_(1.0)
    assert one.moved()


def test_sparse_gradients_count():
    table = nn.Embedding(5, 2, sparse=True)
    assert not has_gradient(table.weight)
    table(torch.tensor([1])).sum().backward()
    assert has_gradient(table.weight)
