"""Progress on stderr: a live line on a terminal, a plain line for each phase elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

if TYPE_CHECKING:
    from practicum.engine.clock import Progress as Step

LINE_SECONDS = 0.2
"""Plain lines come at most this often, the first not earlier: shorter phases are not worth one, and a mistake that is
found at once is told alone."""
SIGN_OF_LIFE_SECONDS = 30.0
"""A plain line comes at least this often, also within one phase."""


class Display:
    """Shows what the experiment reports; use it as a context manager and pass :meth:`show`.

    Args:
        console: where to write; without one, stderr.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._phase = ""
        self._last: float | None = None
        self._live: Progress | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            texts = [
                TextColumn(form, markup=False)
                for form in ("{task.fields[phase]:<10}", "{task.fields[after]}")
            ]
            self._live = Progress(
                texts[0], BarColumn(), texts[1], console=self._console, transient=True, refresh_per_second=5
            )
            self._task = self._live.add_task("", total=1.0, phase="starting", after="")
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, step: Step) -> None:
        """Show one report of the experiment."""
        after = "  ".join(part for part in (remaining(step.remaining_seconds), step.message) if part)
        if self._live is not None:
            self._live.update(self._task, completed=step.fraction, phase=step.phase, after=after)
            return
        now = time.monotonic()
        self._last = now if self._last is None else self._last
        since = now - self._last
        if (step.phase != self._phase and since >= LINE_SECONDS) or since >= SIGN_OF_LIFE_SECONDS:
            self._phase, self._last = step.phase, now
            line = f"{step.phase:<10} {100 * step.fraction:3.0f} %  {after}".rstrip()
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def remaining(seconds: float | None) -> str:
    """Return a time that is left in words of fixed width, or an empty string.

    Example:
        >>> remaining(42.3), remaining(754), remaining(None)
        ('   42 s left', '12:34 min left', '')
    """
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    return f"{whole:5d} s left" if whole < 100 else f"{whole // 60}:{whole % 60:02d} min left"
