"""The learning rate over time, for all trials of a pack at once.

Source: Bengio 2012, eq. (2) and 3.1-03..05.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def learning_rate_at(step: int, initial_K: Floats, decay_start_K: Floats, exponent_K: Floats) -> Floats:
    r"""Return the learning rate of update ``step``, one number a trial.

    .. math:: \epsilon_t = \epsilon_0 \, (\tau / \max(t, \tau))^{\alpha}

    Args:
        step: number t of the update, the first is 1.
        initial_K: initial rate ε₀, shape (K,).
        decay_start_K: τ in updates, ``inf`` for a constant rate, shape (K,).
        exponent_K: α, shape (K,).

    Returns:
        The rate ε_t, shape (K,).

    Source:
        Bengio 2012, eq. (2), 3.1-03; the exponent 3.1-04 (erratum E11).

    Example:
        >>> one = np.ones(1)
        >>> [float(learning_rate_at(t, 0.1 * one, 100 * one, one)[0]) for t in (1, 100, 200, 400)]
        [0.1, 0.1, 0.05, 0.025]
    """
    decaying = step > decay_start_K
    ratio = np.where(decaying, decay_start_K / step, 1.0)
    return initial_K * ratio**exponent_K


class AutomaticDecay:
    """Finds τ by itself: the rate stays constant until the training loss stops improving [3.1-05].

    The mean training loss of a window of at least one epoch is compared with the window before it; where it has
    improved by less than ``threshold``, relatively, τ is set to the present step.

    Args:
        decay_start_K: τ of each trial in updates; ``nan`` where it is to be found, shape (K,).
        threshold_K: relative improvement from window to window under which decay starts, shape (K,).
        window_steps: updates of one epoch.

    Source:
        Bengio 2012, 3.1-05. No threshold is given there; ours is the recipe's ``decay_threshold``.
    """

    def __init__(self, decay_start_K: Floats, threshold_K: Floats, window_steps: int) -> None:
        self.searching_K = np.isnan(decay_start_K)
        self.decay_start_K = np.where(self.searching_K, np.inf, decay_start_K)
        self.threshold_K = threshold_K
        self.window_steps = window_steps
        self.window_start, self.last_step = 0, 0
        self.total_K = np.zeros_like(threshold_K)
        self.previous_K = np.full_like(threshold_K, np.inf)

    def update(self, step: int, mean_loss_K: Floats) -> None:
        """Take in the mean training loss of the updates since the last call, the last of which is ``step``."""
        self.total_K = self.total_K + mean_loss_K * (step - self.last_step)
        self.last_step = step
        length = step - self.window_start
        if length < self.window_steps:
            return
        mean_K = self.total_K / length
        with np.errstate(invalid="ignore"):  # inf − inf in the first window and in diverged trials
            improved_K = (self.previous_K - mean_K) >= self.threshold_K * np.abs(self.previous_K)
        first = np.isinf(self.previous_K)
        starts = self.searching_K & ~improved_K & ~first
        self.decay_start_K = np.where(starts, float(step), self.decay_start_K)
        self.searching_K = self.searching_K & ~starts
        self.previous_K, self.total_K, self.window_start = mean_K, np.zeros_like(mean_K), step

    def select(self, keep: npt.NDArray[np.int64]) -> None:
        """Keep only the trials at positions ``keep``."""
        for name in ("searching_K", "decay_start_K", "threshold_K", "total_K", "previous_K"):
            setattr(self, name, getattr(self, name)[keep])
