"""Facts about lending torch's generator."""

from __future__ import annotations

import pytest
import torch

from practicum.training.lift.seeded import seeded

CPU = torch.device("cpu")


def drawn(seed, purpose="build", counter=0):
    """Return numbers drawn from the lent generator."""
    with seeded(seed, purpose, counter, CPU):
        return torch.rand(4).tolist()


def test_the_same_stream_gives_the_same_numbers():
    """They are a function of seed, purpose and counter."""
    assert drawn(3) == drawn(3)


@pytest.mark.parametrize("other", [{"seed": 4}, {"seed": 3, "purpose": "forward"}, {"seed": 3, "counter": 1}])
def test_another_stream_gives_other_numbers(other):
    """Each of the three counts."""
    assert drawn(3) != drawn(**other)


def test_the_global_generator_is_not_moved():
    """Its state afterwards is its state before."""
    before = torch.get_rng_state()
    drawn(3)

    assert torch.equal(torch.get_rng_state(), before)


def test_the_global_generator_is_not_read():
    """What it was seeded with makes no difference."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(5)
        one = drawn(3)
        torch.default_generator.manual_seed(6)

        assert drawn(3) == one
