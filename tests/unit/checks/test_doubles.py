"""What a check does to inputs and outputs."""

import torch

from practicum.checks.doubles import doubled, fresh, same_draws, tensors_of

FLOATS, NUMBERS = torch.ones(2), torch.ones(2, dtype=torch.int64)


def test_floating_tensors_become_double_wherever_they_are():
    """Whole numbers, text and None stay."""
    found = doubled({"a": [FLOATS, NUMBERS], "b": (FLOATS, "word", None)})

    assert found["a"][0].dtype == found["b"][0].dtype == torch.float64
    assert found["a"][1] is NUMBERS
    assert found["b"][1:] == ("word", None)


def test_a_fresh_leaf_shares_nothing():
    """And requires a gradient; whole numbers stay."""
    made = fresh(FLOATS)

    assert made.requires_grad
    assert made.data_ptr() != FLOATS.data_ptr()
    assert fresh(NUMBERS) is NUMBERS


def test_floating_outputs_are_found_however_they_are_nested():
    """In their order."""
    found = list(tensors_of({"a": FLOATS, "b": [NUMBERS, (2 * FLOATS, None)]}))

    assert [one.tolist() for one in found] == [[1.0, 1.0], [2.0, 2.0]]


def test_the_same_is_drawn_each_time_and_nobody_notices():
    """The global generator goes on as if nothing had been."""
    state = torch.get_rng_state()
    drawn = []
    for _ in range(2):
        with same_draws(3):
            drawn.append(torch.rand(4).tolist())

    assert drawn[0] == drawn[1]
    assert torch.equal(state, torch.get_rng_state())
