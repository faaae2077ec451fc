"""Which modules work otherwise in training than in evaluation."""

from __future__ import annotations

from torch import nn


def has_modes(module: nn.Module) -> bool:
    """Return whether a module works otherwise in training than in evaluation.

    Example:
        >>> has_modes(nn.Dropout(0.1)), has_modes(nn.Dropout(0.0)), has_modes(nn.Linear(1, 1))
        (True, False, False)
    """
    if isinstance(module, nn.modules.batchnorm._BatchNorm):
        return bool(module.track_running_stats)
    if isinstance(module, nn.modules.dropout._DropoutNd):
        return module.p > 0
    return isinstance(module, nn.RNNBase | nn.MultiheadAttention) and module.dropout > 0
