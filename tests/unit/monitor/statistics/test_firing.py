"""Facts about firing."""

import torch

from practicum.monitor.statistics.firing import firing_share


def test_a_unit_at_zero_does_not_fire():
    """A rectifier's zero is silence."""
    assert firing_share(torch.zeros(1, 4, 2)).tolist() == [[0.0, 0.0]]
