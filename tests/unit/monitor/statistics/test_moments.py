"""Facts about the moments."""

import torch

from practicum.monitor.statistics.moments import deviation, mean, root_mean_square


def test_square_is_mean_and_deviation_together():
    """rms² = mean² + deviation², for any shape behind the trial axis."""
    x = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0)) + 1

    torch.testing.assert_close(root_mean_square(x) ** 2, mean(x) ** 2 + deviation(x) ** 2)
