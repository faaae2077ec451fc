"""Does a planted fault do harm? Five runs against five sound ones: Welch's t-test and Cohen's d.

What is harmed depends on the fault: the test error (nearly all), the test loss (over-fitting), the error that the
program reports, memory, time, or whether a run can be repeated. A fault that does no harm on a task at a severity is
none there, and is not scored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

LEAST_P, LEAST_D = 0.05, 0.5
CAP = 3.0
"""Errors above are as bad as this: a run that ends in NaN, or far outside."""


@dataclass(frozen=True)
class Harm:
    """What a fault did on a task.

    Attributes:
        before, after: means of what is harmed, sound and at fault.
        p: of Welch's t-test.
        d: Cohen's, positive where it became worse.
    """

    before: float
    after: float
    p: float
    d: float

    @property
    def is_real(self) -> bool:
        """Return whether it counts."""
        return self.p < LEAST_P and self.d >= LEAST_D


def measured(record: dict[str, Any], kind: str) -> float:
    """Return of a run what a kind of harm is about; more is worse."""
    test, told = min(CAP, record["test_error"]), record["reported_error"]
    if kind == "reported":
        return CAP if told is None or not math.isfinite(told) else abs(min(CAP, told) - test)
    if kind == "loss":
        loss = record["test_loss"]
        return CAP * 3 if loss is None or not math.isfinite(loss) else min(CAP * 3, loss)
    if kind == "memory":
        return float(record["kept"])
    if kind == "time":
        return float(record["waited"])
    if kind == "chance":
        return float(record["digest"] != record["digest_again"])
    return test


def compare(sound: Sequence[float], faulty: Sequence[float]) -> Harm:
    """Return how much worse a fault made it."""
    a, b = np.asarray(sound, float), np.asarray(faulty, float)
    gap, spread = b.mean() - a.mean(), math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    if spread < 1e-12:
        return Harm(a.mean(), b.mean(), 0.0 if gap else 1.0, math.inf if gap > 0 else 0.0)
    p = stats.ttest_ind(b, a, equal_var=False).pvalue
    return Harm(float(a.mean()), float(b.mean()), float(p), float(gap / spread))
