"""The time budget: moments, shares of what is left, and word of progress."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

END_SECONDS = 0.6
"""Kept for the test set, the report and the run folder: at least this long …"""

END_SHARE = 0.04
"""… and at least this share of the budget."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Word of where the work stands.

    Attributes:
        phase: what is being done, one or two words.
        fraction: part of the whole command that has passed, 0 to 1.
        message: something worth saying, may be empty.
        remaining_seconds: time left; ``None`` when nobody knows.
    """

    phase: str
    fraction: float
    message: str = ""
    remaining_seconds: float | None = None


def ignore(progress: Progress) -> None:
    """Do nothing with ``progress``."""


class Clock:
    """The budget of one command.

    Args:
        started: moment of :func:`time.monotonic` when the command began.
        budget_seconds: wall clock for everything; ``inf`` for no limit.
        report: told about progress.

    Attributes:
        phase_seconds: how long each phase took.
        training_ends: moment at which training must be over.
    """

    def __init__(
        self, started: float, budget_seconds: float, report: Callable[[Progress], None] = ignore
    ) -> None:
        self.started, self.budget_seconds = started, budget_seconds
        # Written so that no limit stays none: inf − inf would be nan.
        self.training_ends = started + min(budget_seconds - END_SECONDS, (1 - END_SHARE) * budget_seconds)
        self.phase_seconds: dict[str, float] = {}
        self._report, self._phase, self._phase_start = report, "", time.monotonic()
        self._furthest = 0.0

    def enter(self, phase: str, message: str = "", fraction: float | None = None) -> None:
        """Begin ``phase`` and say so; ``fraction`` as for :meth:`say`."""
        self.leave()
        self._phase, self._phase_start = phase, time.monotonic()
        self.say(message, fraction)

    @property
    def phase(self) -> str:
        """Name of the present phase; empty between two."""
        return self._phase

    def leave(self) -> None:
        """End the present phase."""
        if self._phase:
            spent = time.monotonic() - self._phase_start
            self.phase_seconds[self._phase] = self.phase_seconds.get(self._phase, 0.0) + spent
        self._phase = ""

    def say(self, message: str = "", fraction: float | None = None) -> None:
        """Report progress, which never goes back; ``fraction`` is of the whole command, by time if not given."""
        passed = self.seconds()
        limited = self.budget_seconds != float("inf")
        by_time = passed / self.budget_seconds if limited else 0.0
        remaining = max(0.0, self.budget_seconds - passed) if limited else None
        if fraction is not None and not limited:
            remaining = passed * (1 - fraction) / fraction if fraction > 0.02 else None
        self._furthest = max(self._furthest, min(1.0, by_time if limited else fraction or 0.0))
        self._report(Progress(self._phase, self._furthest, message, remaining))

    def seconds(self) -> float:
        """Return how long the command has been running."""
        return time.monotonic() - self.started

    def share(self, fraction: float) -> float:
        """Return the moment at which ``fraction`` of the training time left from now is spent."""
        now = time.monotonic()
        return now + fraction * max(0.0, self.training_ends - now)
