"""Facts about the histogram."""

import torch

from practicum.monitor.statistics.histogram import EDGES, histogram


def test_edges_rise_and_lie_about_zero():
    """One set of bins serves both signs."""
    assert list(EDGES) == sorted(EDGES)
    assert [-one for one in reversed(EDGES)] == list(EDGES)


def test_far_values_are_in_the_outer_bins():
    """Infinity is counted, NaN is not."""
    counts = histogram(torch.tensor([[float("inf"), -1e9, float("nan")]]))

    assert (int(counts[0, -1]), int(counts[0, 0]), int(counts.sum())) == (1, 1, 2)
