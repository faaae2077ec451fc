"""Facts about devices by name."""

import pytest
import torch

from practicum.core.errors import ConfigError
from practicum.engine.device import device_called


def test_auto_is_a_gpu_where_there_is_one():
    """Else the processor."""
    assert device_called("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("name", ["cpuu", "meta", "cuda:99", ""])
def test_what_is_not_there_is_refused(name):
    """With the name and what to do."""
    with pytest.raises(ConfigError, match=f'but got device="{name}".*Use "auto" or "cpu"'):
        device_called(name)
