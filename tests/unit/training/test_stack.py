"""Facts about tensors of K trials in one buffer."""

import pytest
import torch

from practicum.training.stack import Stack

SHAPES = {"weight": (3, 5), "bias": (3,), "scalar": ()}


@pytest.fixture
def stack():
    """Return a stack of four trials with different numbers everywhere."""
    made = Stack(SHAPES, 4, torch.float64, torch.device("cpu"))
    made.flat.copy_(torch.arange(len(made.flat)))
    return made


def test_blocks_are_views_of_one_buffer_that_start_on_the_grid(stack):
    """Each begins at a multiple of 16 numbers, with the trial axis first."""
    assert {name: tuple(block.shape) for name, block in stack.blocks.items()} == {
        "weight": (4, 3, 5),
        "bias": (4, 3),
        "scalar": (4,),
    }
    assert all(block.storage_offset() % 16 == 0 for block in stack.blocks.values())
    assert all(block.is_contiguous() for block in stack.blocks.values())


def test_selected_trials_keep_their_numbers_in_the_asked_order(stack):
    """And are copies."""
    chosen = stack.select(torch.tensor([3, 1]))
    before = chosen.get(0)
    stack.flat.zero_()

    assert chosen.num_trials == 2
    assert all(torch.equal(chosen.get(0)[name], before[name]) for name in SHAPES)
    assert before["bias"].any()


def test_copying_trials_touches_no_other(stack):
    """Only the positions named are overwritten."""
    other = stack.like()
    other.copy_trials_(stack, torch.tensor([2]))

    assert all(torch.equal(other.get(2)[name], stack.get(2)[name]) for name in SHAPES)
    assert not any(value.any() for k in (0, 1, 3) for value in other.get(k).values())


def test_what_is_put_is_got(stack):
    """Plain values by name, there and back."""
    values = {name: torch.full(shape, 7.0) for name, shape in SHAPES.items()}
    stack.put(1, values)

    assert all(torch.equal(stack.get(1)[name], values[name].double()) for name in SHAPES)


def test_a_copy_is_equal_and_apart(stack):
    """Changing one leaves the other."""
    other = stack.copy()
    stack.flat.add_(1)

    assert torch.equal(other.flat + 1, stack.flat)


def test_a_stack_may_be_empty():
    """A module may have no buffers."""
    assert Stack({}, 3, torch.float32, torch.device("cpu")).blocks == {}
