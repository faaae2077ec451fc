"""Ctrl-C during an import waits until the import is done.

An import of compiled code that is interrupted halfway swallows the interrupt or leaves broken modules behind
(seen with NumPy and PyTorch: errors far away, or a command that goes on as if nothing had happened).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back inside; raise it on leaving."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # ignored, or somebody else's: not ours to change
        return
    caught: list[int] = []
    try:
        signal.signal(signal.SIGINT, lambda number, _: caught.append(number))
    except ValueError:  # only the main thread may; others get no signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if caught:
            raise KeyboardInterrupt
