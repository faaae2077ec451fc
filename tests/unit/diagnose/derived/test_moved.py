"""How far weights have moved."""

import pytest
import torch
from tests.made_networks import facts_of, tower

from practicum.diagnose.derived.moved import moved_of


def test_distance_and_size_are_told_for_each_layer():
    """Biases are left out."""
    now = tower(8)
    with torch.no_grad():
        now[0].weight.mul_(1.5)
    first, last = moved_of(facts_of(now, start=tower(8)))

    assert first.distance == pytest.approx(0.5, rel=1e-4)
    assert first.size == pytest.approx(1.5, rel=1e-4)
    assert last.distance == 0.0


def test_what_is_no_number_is_left_out():
    """Weights that are NaN have moved nowhere in particular."""
    now = tower(8)
    with torch.no_grad():
        now[0].weight.fill_(float("nan"))

    assert len(moved_of(facts_of(now, start=tower(8)))) == 1
