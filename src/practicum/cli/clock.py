"""When the command began: a time budget counts from there, interpreter and imports included."""

from __future__ import annotations

import os
import time
from pathlib import Path

MAX_AGE_SECONDS = 60.0
"""An age above this is not believed (some sandboxes count from another boot)."""


def process_start(otherwise: float, stat: Path = Path("/proc/self/stat")) -> float:
    """Return when this process began, in seconds on the clock of `time.monotonic`.

    Args:
        otherwise: the answer where the system does not tell.
        stat: where Linux tells.

    Example:
        >>> process_start(1.5, Path("nowhere"))
        1.5
    """
    try:
        fields = (
            stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        )  # the name before ")" may hold spaces
        ticks = int(fields[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return otherwise
    return time.monotonic() - age if 0 <= age <= MAX_AGE_SECONDS else otherwise
