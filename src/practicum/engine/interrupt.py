"""Ctrl-C while something is being computed: noted, obeyed at the next rung, so that nothing reached is lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self


class Interrupts:
    """Notes the first Ctrl-C inside ``with``; a second one interrupts what is under way, a rung when it ends.

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


class Held:
    """Holds Ctrl-C back inside ``with``: what is under way ends whole; on leaving, the usual handler hears of it.

    A third Ctrl-C is let through at once. Outside the main thread nothing is changed.

    Attributes:
        presses: how often Ctrl-C was pressed.
    """

    def __init__(self) -> None:
        self.presses = 0
        self._usual: Callable[[int, FrameType | None], Any] | None = None

    def __enter__(self) -> Self:
        """Begin to hold."""
        usual = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and callable(usual):
            self._usual = usual
            signal.signal(signal.SIGINT, self._hold)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Pass on what was held."""
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)
            if error is None:
                for _ in range(self.presses):
                    self._usual(signal.SIGINT, None)

    def _hold(self, number: int, frame: FrameType | None) -> None:
        self.presses += 1
        if self.presses > 2:
            raise KeyboardInterrupt
