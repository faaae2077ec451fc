"""Importing the heavy packages: Ctrl-C waits until they are there, and the garbage collector rests.

An import of compiled code that is interrupted halfway swallows the interrupt or leaves broken modules behind (seen
with NumPy and PyTorch: errors far away, or a command that goes on as if nothing had happened). And a collector that
walks through ever more modules takes a quarter of the time of importing them (2.4 s of processor time become 1.8 s).
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def heavy_imports() -> Iterator[None]:
    """Hold Ctrl-C back inside and raise it on leaving; collect no garbage inside."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with _interrupts_held():
            yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back inside and raise it on leaving."""
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
