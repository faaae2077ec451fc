"""Derivatives by the backward pass against finite differences."""

import pytest
import torch

from practicum.checks.derivatives import Derivative, compare


def compared(scalar, tensor, num_entries=3):
    """Return what the comparison of one tensor gives."""
    return compare(scalar, {"x": tensor}, 1e-4, num_entries, torch.Generator().manual_seed(0))


def leaf(*values):
    """Return a double tensor that requires a gradient."""
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def test_a_direction_and_some_entries_are_compared():
    """Each entry once; the tensor is as it was."""
    x = leaf(1.0, 2.0, 3.0, 4.0)
    found = compared(lambda: torch.sum(x**3), x)

    assert [one.place for one in found[:1]] == [()]
    assert len({one.place for one in found}) == 4
    for one in found[1:]:
        assert one.analytic == pytest.approx(3 * (one.place[0] + 1) ** 2)
    assert not any(one.wrong for one in found)
    assert x.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_a_tensor_that_nothing_depends_on_has_no_gradient():
    """And that is right."""
    x, y = leaf(1.0, 2.0), leaf(3.0)
    found = compare(lambda: torch.sum(y**2), {"x": x, "y": y}, 1e-4, 1, torch.Generator())

    assert [one.wrong for one in found] == [False] * 4
    assert [one.analytic for one in found if one.name == "x"] == [0.0, 0.0]


def test_a_kink_within_a_long_step_is_no_mistake():
    """Shorter steps do not cross it."""
    x = leaf(2e-5, -1.0)
    found = compared(lambda: torch.relu(x).sum() + (x**2).sum(), x, 2)

    assert not any(one.wrong for one in found)


def test_both_tolerances_must_be_exceeded():
    """Of numbers near zero relative differences mean nothing [4.1-04]."""
    one = Derivative("x", (0,), 1e-12, -1e-12, wrong=False)

    assert one.relative == pytest.approx(2e-4)
    assert one.sign_differs
    assert "of opposite sign" in one.text
    assert "along a random direction" in Derivative("x", (), 1.0, 1.0, wrong=False).text
