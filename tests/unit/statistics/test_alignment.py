"""Facts about alignment."""

import math

import torch

from practicum.statistics.alignment import alignment, alignment_of


def test_a_gradient_of_zero_points_nowhere():
    """It is 0, not NaN."""
    assert alignment(torch.zeros(1, 3), torch.ones(1, 3)).tolist() == [0.0]


def test_products_tell_the_same_as_the_gradients_themselves():
    """And of a gradient of zero, nothing."""
    first, second = torch.randn(2, 1, 9, generator=torch.Generator().manual_seed(0))
    told = alignment_of(
        *(float((one * other).sum()) for one, other in ((first, second), (first, first), (second, second)))
    )

    assert math.isclose(told, float(alignment(first, second)), rel_tol=1e-5)
    assert alignment_of(0.0, 0.0, 1.0) == 0.0
