"""How long the next rung is, from how long the last ones took. Time decides this and nothing else."""

from __future__ import annotations

import time

RUNG_SECONDS = 0.5
"""Aim for the length of a rung: how long Ctrl-C may take, how far training may overrun its time."""

FIRST_STRIDE = 16
"""Updates of the first rung."""

MOST_LONGER = 4
"""A rung is at most so many times as long as the last: the first updates are slow."""


class Stride:
    """Rungs of a pack: any number of updates, whole validation intervals where they are short.

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
