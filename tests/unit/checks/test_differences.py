"""Finite differences, and how wrong they are."""

import math
from itertools import pairwise

import pytest

from practicum.checks.differences import Sided, best_epsilon, sided, sweep


def test_halving_the_step_quarters_the_central_error_and_halves_the_forward_one():
    """On the sine, where all is known [4.1-02]."""
    rows = sweep(lambda x: math.sin(1.0 + x), math.cos(1.0), [1e-2 / 2**k for k in range(4)])
    forward = [a[1] / b[1] for a, b in pairwise(rows)]
    central = [a[2] / b[2] for a, b in pairwise(rows)]

    assert forward == pytest.approx([2.0] * 3, rel=0.01)
    assert central == pytest.approx([4.0] * 3, rel=0.01)


def test_the_error_falls_and_then_rises_again():
    """For lack of digits [4.1-03]."""
    rows = sweep(lambda x: math.exp(1.0 + x), math.e, [10.0**-k for k in range(1, 13)])
    errors = [row[2] for row in rows]

    assert errors[0] > errors[3] < errors[-1]
    assert 1e-7 < best_epsilon(rows) < 1e-3


def test_at_a_kink_the_sides_differ():
    """However short the step; the central difference is their mean."""
    around = sided(abs, 1e-4)

    assert (around.forward, around.backward) == pytest.approx((1.0, -1.0))
    assert around.central == pytest.approx(0.0)
    assert Sided(1.0, 3.0).central == 2.0
