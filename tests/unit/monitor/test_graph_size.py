"""Facts about the operations that are kept alive."""

import pytest
import torch

from practicum.monitor.graph_size import kept_alive


@pytest.fixture
def weight():
    return torch.ones(3, requires_grad=True)


def test_a_sum_that_keeps_its_history_grows(weight):
    total = torch.zeros(())
    sizes = []
    for _ in range(3):
        for _ in range(10):
            total = total + (2 * weight).sum()
        sizes.append(kept_alive())

    assert sizes[1] - sizes[0] >= 10
    assert sizes[2] - sizes[1] >= 10


def test_a_sum_of_plain_numbers_does_not(weight):
    total = 0.0
    sizes = []
    for _ in range(2):
        for _ in range(10):
            total += float((2 * weight).sum().detach())
        sizes.append(kept_alive())

    assert sizes[1] - sizes[0] < 10
