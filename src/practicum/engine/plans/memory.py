"""How much memory there is, and how many trials fit into it.

On Linux a process that asks for too much is killed, not told, so a pack's size is estimated before it starts.
"""

from __future__ import annotations

import os
from pathlib import Path

import torch

SHARE = 0.5
"""Part of the free memory that packs may take: estimates are rough, and the machine has other users."""


def free_bytes(
    device: torch.device, proc: Path = Path("/proc"), cgroup: Path = Path("/sys/fs/cgroup")
) -> int:
    """Return the bytes of memory that are free on ``device``; a container's limit counts.

    Args:
        device: where the packs will live.
        proc: where Linux tells about memory.
        cgroup: where it tells about a container's limit.

    Example:
        >>> free_bytes(torch.device("cpu")) > 0
        True
    """
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    free = _available(proc / "meminfo")
    try:
        limit = int((cgroup / "memory.max").read_text(encoding="ascii"))
        used = int((cgroup / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no container, or "max"
        return free
    return max(0, min(free, limit - used))


def _available(meminfo: Path) -> int:
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 4 << 30


def largest_pack(bytes_a_trial: int, free: int, num_workers: int) -> int:
    """Return how many trials of ``bytes_a_trial`` each worker can hold at once, at least 1.

    Example:
        >>> largest_pack(100, free=4000, num_workers=2)
        10
    """
    return max(1, int(SHARE * free) // max(1, bytes_a_trial * num_workers))
