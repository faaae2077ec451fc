"""Processes of the system: how one ends with its parent, how one is ended, and why one has ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from multiprocessing.connection import Connection

PARENT_DIED_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""


def end(pid: int, pipe: Connection) -> None:
    """End a child, whatever it is doing."""
    pipe.close()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    reap(pid)


def die_with(parent: int) -> None:
    """Have the kernel end this process when ``parent`` ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DIED_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended already
        os._exit(1)


def reap(pid: int) -> int | None:
    """Wait for the end of a child and return its status; ``None`` if somebody else waited."""
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return None


def why(pid: int) -> str:
    """Return how a child ended, without taking its status away."""
    try:
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    except ChildProcessError:
        return "is gone"
    if ended is None or ended.si_code == os.CLD_EXITED:
        return f"ended with exit status {ended.si_status if ended else '?'}"
    name = signal.Signals(ended.si_status).name
    hint = ", as the system does when memory is full" if name == "SIGKILL" else ""
    return f"was ended by {name}{hint}"
