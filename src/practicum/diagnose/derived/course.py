"""The course of the losses: where they began, how far they fell, whether they still fall, whether they jump."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts

WINDOWS = 12
"""Windows that the course is cut into; what is said is said of their means or medians."""

FEWEST = 12
"""Steps below which there is no course."""


@dataclass(frozen=True, slots=True)
class Course:
    """The training losses as a course.

    Attributes:
        num_steps: all.
        begin: mean of the first steps (at most 5, at most the first window).
        means: of each of :data:`WINDOWS` windows; non-finite losses left out.
        medians: likewise.
        deviations: of the steps within each window.
        end: mean of the last window.
        lowest: the lowest mean of a window.
        slope_t: t statistic of the slope over the last third: below -2 it still falls.
        slope_share: that slope's rise over the last third, as a share of `begin - lowest` (0 where that is none).
        jumps: share of steps whose loss is above twice the median of its window and its neighbours.
        serial: lag-one autocorrelation of the last half, its trend taken out.
        not_finite: share of losses that are no finite number.
    """

    num_steps: int
    begin: float
    means: tuple[float, ...]
    medians: tuple[float, ...]
    deviations: tuple[float, ...]
    end: float
    lowest: float
    slope_t: float
    slope_share: float
    jumps: float
    serial: float
    not_finite: float


@kept
def course_of(facts: Facts) -> Course | None:
    """Return the course of the training losses; None with fewer than :data:`FEWEST` finite ones.

    Example:
        >>> facts = Facts(num_steps=120, losses=[1.0 / (1 + step) for step in range(120)])
        >>> course = course_of(facts)
        >>> course.begin > course.end, course.slope_t < -2
        (True, True)
    """
    losses = np.asarray(facts.losses, dtype=float)
    finite = losses[np.isfinite(losses)]
    if len(finite) < FEWEST:
        return None
    windows = np.array_split(finite, WINDOWS)
    means = [float(one.mean()) for one in windows]
    medians = [float(np.median(one)) for one in windows]
    tail = finite[len(finite) * 2 // 3 :]
    slope_t, rise = _slope(tail)
    begin = float(finite[: min(5, len(windows[0]))].mean())
    fall = begin - min(means)
    half = finite[len(finite) // 2 :]
    return Course(
        num_steps=len(losses),
        begin=begin,
        means=tuple(means),
        medians=tuple(medians),
        deviations=tuple(float(one.std()) for one in windows),
        end=means[-1],
        lowest=min(means),
        slope_t=slope_t,
        slope_share=rise / fall if fall > 0 else 0.0,
        jumps=_jumps(windows, medians),
        serial=_serial(half),
        not_finite=1 - len(finite) / len(losses),
    )


def _slope(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the t statistic of a line's slope, and its rise from end to end."""
    count = len(values)
    time = np.arange(count) - (count - 1) / 2
    slope = float((time * values).sum() / (time**2).sum())
    rest = values - values.mean() - slope * time
    error = float(np.sqrt((rest**2).sum() / max(1, count - 2) / (time**2).sum()))
    return (slope / error if error > 0 else 0.0), slope * (count - 1)


def _jumps(windows: list[npt.NDArray[np.float64]], medians: list[float]) -> float:
    """Return the share of steps far above their surroundings."""
    count = 0
    for place, window in enumerate(windows):
        around = float(np.median(medians[max(0, place - 1) : place + 2]))
        count += int((window > 2 * around).sum()) if around > 0 else 0
    return count / sum(len(one) for one in windows)


def _serial(values: npt.NDArray[np.float64]) -> float:
    """Return the correlation of each value with the next, a line taken out."""
    time = np.arange(len(values))
    rest = values - np.polyval(np.polyfit(time, values, 1), time)
    total = float((rest**2).sum())
    return float((rest[1:] * rest[:-1]).sum() / total) if total > 0 else 0.0


@kept
def validations_of(facts: Facts) -> tuple[tuple[int, float, float | None], ...]:
    """Return step, loss and error of the validations whose loss is a finite number."""
    return tuple(one for one in facts.validations if np.isfinite(one[1]))
