"""How long the next rung is, from how long the last ones took. Time decides this and nothing else."""

from __future__ import annotations

import time

RUNG_SECONDS = 0.5
"""Aim for the length of a rung: how long Ctrl-C may take, how far the end of a phase may miss its time."""

FIRST_STRIDE = 16
"""Updates of the first rung of a pack that goes alone."""

MOST_LONGER = 4
"""A rung is at most so many times as long as the last: the first updates are slow."""


class Pace:
    """Rungs of packs that go together: whole validation intervals.

    Args:
        interval: updates from one validation to the next.
        deadline: moment of :func:`time.monotonic` at which they shall stop; ``inf`` for none.

    Attributes:
        seconds_per_step: as the last rung was.
    """

    def __init__(self, interval: int, deadline: float) -> None:
        self.interval, self.started, self.deadline = interval, time.monotonic(), deadline
        self.seconds_per_step, self._last = 0.0, self.started

    def next_rung(self, done: int) -> int:
        """Return the number of updates of the next rung; 0 when the time is up."""
        if done == 0:
            return self.interval
        left = self.deadline - time.monotonic()
        fitting = min(left, RUNG_SECONDS) / max(self.seconds_per_step * self.interval, 1e-9)
        if left < self.seconds_per_step * self.interval:
            return 0
        return self.interval * max(1, int(fitting))

    def after(self, rung: int) -> None:
        """Take in that a rung of so many updates has just ended."""
        now = time.monotonic()
        self.seconds_per_step, self._last = (now - self._last) / rung, now

    def fraction(self, done: int, bound: float) -> float:
        """Return which part of the phase has passed, by time or by the ``bound`` updates (0 if nobody trains)."""
        by_time = (time.monotonic() - self.started) / max(self.deadline - self.started, 1e-9)
        by_steps = done / bound if bound else 1.0
        return min(1.0, max(by_time, by_steps))


class Stride:
    """Rungs of a pack that goes alone: any number of updates, whole validation intervals where they are short.

    Args:
        interval: updates from one validation to the next.
    """

    def __init__(self, interval: int) -> None:
        self.interval = interval
        self._length, self._seconds_per_step, self._begun = FIRST_STRIDE, 0.0, 0.0

    def next(self, step: int, deadline: float = float("inf"), most: int | None = None) -> int:
        """Return the update that the next rung ends at, after ``step``, and begin to take its time."""
        self._begun = time.monotonic()
        length = self._length
        if self._seconds_per_step > 0:
            aim = min(RUNG_SECONDS, max(deadline - self._begun, 0.0))
            length = max(1, min(int(aim / self._seconds_per_step), MOST_LONGER * self._length))
        validation = (step + length) // self.interval * self.interval
        until = validation if validation > step else step + length
        until = until if most is None else min(until, most)
        self._length = until - step
        return until

    def after(self) -> float:
        """Take in that the rung is over, and return the seconds it took."""
        seconds = time.monotonic() - self._begun
        self._seconds_per_step = seconds / max(1, self._length)
        return seconds
