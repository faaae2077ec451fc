"""How many cores this process may use, and how many of them PyTorch uses in one operation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch


def num_cores(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return the number of cores that this process may use; a container's quota counts.

    Args:
        quota: where Linux writes "microseconds of processor time" and "period", or "max".

    Example:
        >>> num_cores() >= 1
        True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        granted, period = quota.read_text(encoding="ascii").split()
        return min(cores, max(1, round(int(granted) / int(period))))
    except (OSError, ValueError):  # no such file, or "max"
        return cores


@contextmanager
def threads(count: int = 1) -> Iterator[None]:
    """Have PyTorch use ``count`` threads for each operation, inside ``with``."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
