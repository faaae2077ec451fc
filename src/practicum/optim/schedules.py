"""Learning rate and momentum over time, for all trials of a pack and many updates at once.

A schedule is one small function in one table. Every value is computed element by element in 64 bits: it depends neither
on the other trials nor on how the updates are cut into tables.

Source: Bengio 2012, eq. (2) and 3.1-03..05; the other curves are after the chapter (system-P15, system-P16).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ONE_CYCLE_RISE = 0.3
"""Share of its steps over which a one-cycle rate rises."""

ONE_CYCLE_START = 1 / 25
"""First rate of one cycle, over the highest."""


class ScheduleNumbers(Protocol):
    """What the schedules of K trials are made of, arrays (K,).

    Attributes:
        learning_rate: ε₀.
        schedule: name of the curve, a key of :data:`SCHEDULES`.
        decay_start: τ of power, in updates; ``inf`` is never.
        decay_exponent: α of power.
        decay_rate: d of exponential and inverse, per update.
        schedule_steps: S, length of a schedule that ends, in updates; ``inf`` where it is not used.
        final_rate_ratio: f, last rate of a schedule that ends, over ε₀.
        warm_up_steps: W, updates over which the rate first rises; 0 is none.
        momentum: μ at the end of its ramp.
        initial_momentum: μ of the first update; ``nan`` where it is constant.
        momentum_ramp_steps: updates over which μ rises.
    """

    learning_rate: Floats
    schedule: npt.NDArray[np.str_]
    decay_start: Floats
    decay_exponent: Floats
    decay_rate: Floats
    schedule_steps: Floats
    final_rate_ratio: Floats
    warm_up_steps: Floats
    momentum: Floats
    initial_momentum: Floats
    momentum_ramp_steps: Floats


@dataclass(frozen=True, slots=True)
class _Curves:
    """The numbers of trials of one schedule; n, the updates done so far, is a column beside them."""

    learning_rate: Floats
    decay_start: Floats
    decay_exponent: Floats
    decay_rate: Floats
    schedule_steps: Floats
    final_rate_ratio: Floats


def _power(n: Floats, c: _Curves) -> Floats:
    """ε₀ (τ / max(t, τ))^α, t = n + 1."""
    step = n + 1
    ratio = np.where(step > c.decay_start, c.decay_start / step, 1.0)
    return c.learning_rate * ratio**c.decay_exponent


def _exponential(n: Floats, c: _Curves) -> Floats:
    """ε₀ e^(−dn)."""
    return c.learning_rate * np.exp(-c.decay_rate * n)


def _inverse(n: Floats, c: _Curves) -> Floats:
    """ε₀ / (1 + dn)."""
    return c.learning_rate / (1 + c.decay_rate * n)


def _linear(n: Floats, c: _Curves) -> Floats:
    """From ε₀ to f ε₀ in a straight line over S updates."""
    return c.learning_rate * (1 - (1 - c.final_rate_ratio) * np.minimum(n / c.schedule_steps, 1))


def _cosine(n: Floats, c: _Curves) -> Floats:
    """From ε₀ to f ε₀ along half a cosine over S updates."""
    return c.learning_rate * _half_cosine(1.0, c.final_rate_ratio, n / c.schedule_steps)


def _one_cycle(n: Floats, c: _Curves) -> Floats:
    """Up to ε₀ over the first part of S updates, down to f ε₀ over the rest, both along half a cosine.

    NOTE[DIFF]: ``OneCycleLR`` ends at ε₀/250000 by default, ours at f ε₀; after S updates ours stays there.
    """
    top, last = ONE_CYCLE_RISE * c.schedule_steps - 1, c.schedule_steps - 1
    with np.errstate(invalid="ignore", divide="ignore"):  # a cycle of one or of infinitely many updates
        rise = _half_cosine(ONE_CYCLE_START, 1.0, n / top)
        fall = _half_cosine(1.0, c.final_rate_ratio, (n - top) / (last - top))
    return c.learning_rate * np.where(n <= top, rise, fall)


def _half_cosine(start: Floats | float, end: Floats | float, progress: Floats) -> Floats:
    """Return the way from ``start`` (progress 0) to ``end`` (1 and beyond)."""
    return end + (start - end) * (1 + np.cos(np.pi * np.minimum(progress, 1))) / 2


SCHEDULES: Mapping[str, Callable[[Floats, _Curves], Floats]] = {
    "power": _power,
    "exponential": _exponential,
    "inverse": _inverse,
    "linear": _linear,
    "cosine": _cosine,
    "one_cycle": _one_cycle,
}
"""Rates of each schedule, (updates, trials), from the updates done before each, (updates, 1)."""


def rates(first_step: int, count: int, c: ScheduleNumbers) -> Floats:
    """Return the learning rates of ``count`` updates, the warm-up included.

    Args:
        first_step: updates done before the first of them.
        count: number of updates.
        c: numbers of the K trials.

    Returns:
        Rates, one row an update, shape (count, K). During warm-up they are the schedule's times t/W.

    Source:
        Bengio 2012, eq. (2), 3.1-03 and 3.1-04 (power; erratum E11); others after the chapter (system-P16).
    """
    n = np.arange(first_step, first_step + count, dtype=np.float64)[:, None]
    found = np.empty((count, len(c.learning_rate)))
    for name in np.unique(c.schedule).tolist():
        mine = c.schedule == name
        curves = _Curves(*(getattr(c, field.name)[mine] for field in fields(_Curves)))
        found[:, mine] = SCHEDULES[name](n, curves)
    return found * np.minimum((n + 1) / np.maximum(c.warm_up_steps, 1), 1)


def momenta(first_step: int, count: int, c: ScheduleNumbers) -> Floats:
    """Return the momenta of ``count`` updates: from the initial to the final in a straight line, then constant.

    Args:
        first_step: updates done before the first of them.
        count: number of updates.
        c: numbers of the K trials.

    Returns:
        Momenta μ, one row an update, shape (count, K).

    Source:
        After the chapter (system-P15); Sutskever et al. 2013.
    """
    n = np.arange(first_step, first_step + count, dtype=np.float64)[:, None]
    first = np.where(np.isnan(c.initial_momentum), c.momentum, c.initial_momentum)
    rising = first + (c.momentum - first) * (n / np.maximum(c.momentum_ramp_steps, 1))
    return np.where(n < c.momentum_ramp_steps, rising, c.momentum)


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
