"""Early stopping with patience, for all trials of a pack at once, each on its own.

Source: Bengio 2012, 3.1-09..14; the constants and the exact rule are those of the Deep Learning Tutorials
(3.1-12): any gain keeps the weights, only a gain over the threshold extends the patience.
NOTE[DIFF]: patience counts updates, as the tutorial's code does, not examples (erratum E4).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from practicum.core.events import Bools, Floats


@dataclass(slots=True)
class Stopping:
    """Best value so far and patience of each trial. All arrays have shape (K,).

    ``index`` below is the tutorial's ``iter``: the number of an update counted from 0, so that after update number
    ``index`` a total of ``index + 1`` updates are done.

    Attributes:
        enabled: whether the trial may stop early.
        patience: updates that a trial is granted.
        increase: factor by which a large gain extends it.
        threshold: relative gain that counts as large.
        on_error: whether the validation error decides, and the loss only between equal errors; else the loss alone.
        best_error: validation error at the best.
        best_loss: validation loss at the best.
        best_index: update of the best, −1 before the first.
    """

    enabled: Bools
    patience: Floats
    increase: Floats
    threshold: Floats
    on_error: Bools
    best_error: Floats = field(init=False)
    best_loss: Floats = field(init=False)
    best_index: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Start with no best."""
        self.best_error = np.full(self.patience.shape, np.inf)
        self.best_loss = np.full(self.patience.shape, np.inf)
        self.best_index = np.full(self.patience.shape, -1)

    def update(self, index: int, error: Floats, loss: Floats, accepted: Bools | None = None) -> Bools:
        """Take in a validation after update ``index`` and return which trials are at their best so far.

        Args:
            index: number of the update, counted from 0.
            error: validation error, (K,).
            loss: validation loss, (K,). A ``nan`` is never a best.
            accepted: where false, the value may not become the best (a gain that is not significant [3.1-13]).
        """
        value, best = (
            np.where(self.on_error, error, loss),
            np.where(self.on_error, self.best_error, self.best_loss),
        )
        improved: Bools = (value < best) | ((value == best) & (loss < self.best_loss))
        if accepted is not None:
            improved &= accepted
        # A loss of a user's own may lie below zero, where a gain makes its size larger.
        bar = best * np.where(best > 0, 1 - self.threshold, 1 + self.threshold)
        large = improved & (value < bar)
        self.patience = np.where(large, np.maximum(self.patience, index * self.increase), self.patience)
        self.best_error = np.where(improved, error, self.best_error)
        self.best_loss = np.where(improved, loss, self.best_loss)
        self.best_index = np.where(improved, index, self.best_index)
        return improved

    def exhausted(self, index: int) -> Bools:
        """Return which trials stop after update ``index``."""
        return self.enabled & (self.patience <= index)

    def end_steps(self) -> Floats:
        """Return the number of updates after which each trial runs out of patience, (K,)."""
        return np.where(self.enabled, np.ceil(self.patience) + 1, np.inf)

    def select(self, keep: npt.NDArray[np.int64]) -> None:
        """Keep only the trials at positions ``keep``."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name)[keep])
