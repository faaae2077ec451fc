"""Facts about the effective rank."""

import torch

from practicum.monitor.statistics.effective_rank import effective_rank


def test_equal_directions_count_in_full():
    """Outputs on r axes, all alike, have rank r; constant ones 1."""
    axes = torch.cat([torch.eye(4), -torch.eye(4)])

    torch.testing.assert_close(effective_rank(axes[None]), torch.tensor([4.0]))
    assert effective_rank(torch.ones(1, 8, 4)).tolist() == [1.0]
