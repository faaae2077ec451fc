"""A judge of trainings that asks a judge of settings: the folds of a setting stay or leave together."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from practicum.engine.race import Judge


class Folded:
    """A judge of trainings that asks a judge of settings, about the mean of their folds.

    Of a setting whose folds are in several packs the first pack's decide.
    """

    def __init__(self, judge: Judge, num_folds: int, first_trial: int) -> None:
        self._judge, self._folds, self._start = judge, num_folds, first_trial
        self._verdicts: dict[tuple[int, int], bool] = {}

    def __call__(self, rung: int, errors: Mapping[int, float]) -> Collection[int]:
        """Return the trials that go on."""
        together: dict[int, list[float]] = {}
        for trial, error in errors.items():
            together.setdefault((trial - self._start) // self._folds, []).append(error)
        new = {
            number: float(np.mean(some))
            for number, some in together.items()
            if (rung, number) not in self._verdicts
        }
        kept = set(self._judge(rung, new)) if new else set()
        self._verdicts |= {(rung, number): number in kept for number in new}
        return {trial for trial in errors if self._verdicts[rung, (trial - self._start) // self._folds]}
