"""Facts about the moments."""

import math

import numpy as np
import pytest
import torch

from practicum.statistics.moments import deviation, mean, of_sums, root_mean_square, sums


def test_square_is_mean_and_deviation_together():
    """rms² = mean² + deviation², for any shape behind the trial axis."""
    x = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0)) + 1

    torch.testing.assert_close(root_mean_square(x) ** 2, mean(x) ** 2 + deviation(x) ** 2)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16])
def test_two_sums_tell_what_numpy_says(dtype):
    """In half precision too, whose squares would overflow."""
    x = (400 * torch.randn(3, 50, generator=torch.Generator().manual_seed(0)) + 300).to(dtype)
    twin = x.double().numpy()
    total, length = sums(x)

    assert of_sums(float(total), float(length), x.numel()) == pytest.approx(
        (twin.mean(), twin.std(), np.sqrt((twin**2).mean())), rel=1e-4
    )


def test_of_nothing_there_are_none():
    """Nor of what is no number."""
    assert all(math.isnan(one) for one in of_sums(0.0, 0.0, 0))
    assert all(math.isnan(one) for one in of_sums(math.nan, math.nan, 3))


def test_the_deviation_is_that_of_pytorch():
    """Of each trial, computed faster."""
    x = torch.randn(3, 7, 5, generator=torch.Generator().manual_seed(1))

    torch.testing.assert_close(deviation(x), x.flatten(1).std(1, correction=0))
