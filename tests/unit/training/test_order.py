"""Facts about the order of examples [2.1-10]."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from practicum.training.order import Order

MODES = ("reshuffle", "shuffle_once", "fixed")
every_mode = pytest.mark.parametrize("mode", MODES)
sizes = {"num_rows": st.integers(1, 40), "batch_size": st.integers(1, 50)}


def epochs(order, count):
    """Return the rows of the first ``count`` epochs, one a line; batches must divide them."""
    steps = count * order.num_rows // order.batch_size
    return order.batches(0, steps).view(count, order.num_rows).tolist()


@every_mode
@given(**sizes, num_epochs=st.integers(1, 4))
def test_every_row_is_seen_once_an_epoch(mode, num_rows, batch_size, num_epochs):
    """The stream is a sequence of permutations, however it is cut into batches."""
    steps = -(-num_epochs * num_rows // batch_size)
    flat = Order(num_rows, batch_size, 0, mode).batches(0, steps).flatten()[: num_epochs * num_rows]

    for epoch in flat.view(num_epochs, num_rows):
        assert sorted(epoch.tolist()) == list(range(num_rows))


@every_mode
@given(**sizes, pieces=st.lists(st.integers(1, 7), min_size=1, max_size=6))
def test_batches_do_not_depend_on_how_they_are_asked_for(mode, num_rows, batch_size, pieces):
    """One call or many, the same rows; so a rung may end anywhere."""
    whole = Order(num_rows, batch_size, 3, mode).batches(0, sum(pieces))
    order, start, found = Order(num_rows, batch_size, 3, mode), 0, []
    for piece in pieces:
        found.append(order.batches(start, piece))
        start += piece

    assert torch.equal(torch.cat(found), whole)


@every_mode
@given(**sizes, start=st.integers(0, 30))
def test_any_batch_can_be_asked_for_first(mode, num_rows, batch_size, start):
    """A resumed run need not go through the past."""
    whole = Order(num_rows, batch_size, 3, mode).batches(0, start + 2)

    assert torch.equal(Order(num_rows, batch_size, 3, mode).batches(start, 2), whole[start:])


@every_mode
def test_batches_are_full_and_cross_the_border_of_epochs(mode):
    """There is no smaller last batch; a batch larger than the data holds rows more than once."""
    assert Order(10, 4, 0, mode).batches(0, 5).shape == (5, 4)
    assert Order(3, 8, 0, mode).batches(0, 2).shape == (2, 8)


def test_fixed_takes_the_rows_as_they_lie():
    """Batch after batch, and again from the start."""
    assert Order(5, 3, 0, "fixed").batches(0, 3).tolist() == [[0, 1, 2], [3, 4, 0], [1, 2, 3]]


def test_shuffled_once_repeats_one_order():
    """Every epoch is the first one again, and it is not the order of the file."""
    first, second, third = epochs(Order(30, 10, 0, "shuffle_once"), 3)

    assert first == second == third != list(range(30))


def test_reshuffled_has_a_new_order_every_epoch():
    """All epochs differ; the first is the one that shuffling once would repeat."""
    first, second, third = epochs(Order(30, 10, 0, "reshuffle"), 3)

    assert first != second != third != first
    assert [first] == epochs(Order(30, 10, 0, "shuffle_once"), 1)


def test_the_seed_decides_the_order():
    """Equal seeds share minibatches, others do not."""
    first, again, other = (Order(30, 10, seed, "reshuffle").batches(0, 9) for seed in (0, 0, 1))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_rows_are_drawn_evenly():
    """Over many epochs each row comes first about equally often."""
    firsts = Order(8, 8, 0, "reshuffle").batches(0, 4000)[:, 0].numpy()
    counts = np.bincount(firsts, minlength=8)

    assert np.abs(counts - 500).max() < 5 * np.sqrt(500)
