"""Facts about the rule of rows in the order of their targets."""

import pytest
import torch
from tests.made_rows import drawn, facts_of, normal

from practicum.diagnose.rules.sorted_batches import check

X = normal(320, 3)
CLASSES = torch.arange(320) % 4
SHUFFLED = torch.randperm(320, generator=drawn(3))


@pytest.mark.parametrize("y", [CLASSES, normal(320, 1, seed=2), CLASSES[:, None] + torch.arange(3)])
def test_sorted_rows_are_named(y):
    """Classes, numbers, and rows of several."""
    order = y.reshape(320, -1).float().mean(1).argsort()

    assert "between training batches" in check(facts_of((X, y[order])))


@pytest.mark.parametrize("y", [CLASSES, normal(320, 1, seed=2)])
def test_shuffled_rows_are_silent(y):
    """Batches differ by chance alone."""
    assert check(facts_of((X, y[SHUFFLED]))) is None


def test_batches_that_differ_somewhat_are_silent():
    """Half of the rows are in order, the others anywhere."""
    y = CLASSES.sort().values
    loose = torch.arange(320) % 2 == 0
    y[loose] = y[loose][torch.randperm(160, generator=drawn(1))]

    assert check(facts_of((X, y))) is None


def test_single_rows_are_compared_with_those_before():
    """A batch of one has no variance within."""
    y = normal(320, 1, seed=2)

    assert "row before" in check(facts_of((X, y.sort(0).values), batch_size=1))
    assert check(facts_of((X, y), batch_size=1)) is None


def test_one_batch_over_and_over_is_another_fault():
    """Then nothing can be said of an order."""
    x, y = X[:16].repeat(20, 1), CLASSES[:16].repeat(20)

    assert check(facts_of((x, y))) is None
