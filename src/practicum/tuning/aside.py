"""Which parts of the training time are kept for what stands beside search and finals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aside:
    """Parts of the training time that are kept for what stands beside search and finals.

    Attributes:
        batch_size: for comparing batch sizes at equal time [3.1-08].
        grid: for the small grid around the winner [3.4-07].
    """

    batch_size: float = 0.0
    grid: float = 0.0

    @property
    def left(self) -> float:
        """The part for search and finals."""
        return 1.0 - self.batch_size - self.grid
