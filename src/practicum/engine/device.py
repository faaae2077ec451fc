"""The device that a user asks for by name."""

from __future__ import annotations

import torch

from practicum.core.errors import ConfigError


def device_called(name: str) -> torch.device:
    """Return the device called ``name``.

    Args:
        name: "auto" (a GPU if PyTorch finds one, else the processor), "cpu", "cuda", "cuda:1", …

    Raises:
        ConfigError: if PyTorch does not know it or does not find it here.

    Example:
        >>> device_called("cpu")
        device(type='cpu')
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device).cpu()  # a device without memory, such as "meta", cannot do this
    except (RuntimeError, AssertionError, NotImplementedError, TypeError) as error:
        reason = (str(error).splitlines() or [""])[0]
        raise ConfigError(
            f'`device` must be one that PyTorch finds here, but got device="{name}" ({reason}). Use "auto" or "cpu".',
            device=name,
        ) from None
    return device
