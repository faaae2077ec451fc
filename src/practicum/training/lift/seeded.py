"""Torch's global generator, borrowed: seeded from a named stream, used, and put back as it was.

A user's `build` draws its initial weights from the global generator, and a forward pass may draw from it too. So that
the same seed gives the same numbers and nobody else's are moved, it is lent to one of them at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from practicum.core.seeds import stream

_LENT = threading.RLock()


@contextmanager
def seeded(seed: int, purpose: str, counter: int, device: torch.device) -> Iterator[None]:
    """Seed torch's generators from the stream (seed, purpose) at ``counter`` for a while.

    Args:
        seed: of the trial.
        purpose: names the stream.
        counter: e.g. the number of the update.
        device: whose generator is lent beside the CPU's.

    Example:
        >>> cpu = torch.device("cpu")
        >>> with seeded(0, "build", 0, cpu):
        ...     first = torch.rand(1)
        >>> with seeded(0, "build", 0, cpu):
        ...     bool(torch.rand(1) == first)
        True
    """
    drawn = int(stream(seed, purpose, counter).integers(1 << 63, dtype=np.int64))
    devices = [device] if device.type == "cuda" else []
    with _LENT, torch.random.fork_rng(devices=devices):
        torch.default_generator.manual_seed(drawn)
        if devices:
            torch.cuda.manual_seed(drawn)
        yield
