"""Facts about modes."""

from torch import nn

from practicum.monitor.modes import has_modes


def test_what_differs_between_training_and_evaluation():
    """Running statistics and dropout do, layer norm does not."""
    with_modes = [nn.BatchNorm1d(2), nn.Dropout(0.5), nn.LSTM(2, 2, 2, dropout=0.1)]
    without = [nn.LayerNorm(2), nn.BatchNorm1d(2, track_running_stats=False), nn.LSTM(2, 2)]

    assert all(has_modes(one) for one in with_modes)
    assert not any(has_modes(one) for one in without)
