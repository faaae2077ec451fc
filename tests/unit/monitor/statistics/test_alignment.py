"""Facts about alignment."""

import torch

from practicum.monitor.statistics.alignment import alignment


def test_a_gradient_of_zero_points_nowhere():
    """It is 0, not NaN."""
    assert alignment(torch.zeros(1, 3), torch.ones(1, 3)).tolist() == [0.0]
