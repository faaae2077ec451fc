"""Ctrl-C while something is being computed: noted, obeyed at the next rung, so that nothing reached is lost."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Interrupts:
    """Notes the first Ctrl-C inside ``with``; a second one interrupts what is under way.

    Outside the main thread, or where somebody else handles the signal, nothing is changed.

    Attributes:
        asked: whether Ctrl-C was pressed.

    Example:
        >>> with Interrupts() as interrupts:
        ...     interrupts.asked
        False
    """

    def __init__(self) -> None:
        self.asked = False
        self._installed = False

    def __enter__(self) -> Self:
        """Begin to listen."""
        mine = threading.current_thread() is threading.main_thread()
        if mine and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._note)
            self._installed = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put Ctrl-C back as it was."""
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
