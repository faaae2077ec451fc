"""Facts about the update ratio."""

import torch

from practicum.monitor.statistics.update_ratio import update_ratio


def test_scale_does_not_matter():
    """Weights and steps twice as large have the same ratio."""
    old, new = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.1, 1.8]])

    torch.testing.assert_close(update_ratio(2 * old, 2 * new), update_ratio(old, new))


def test_weights_of_zero_have_none():
    """It is infinite, not an error."""
    assert update_ratio(torch.zeros(1, 2), torch.ones(1, 2)).isinf().all()
