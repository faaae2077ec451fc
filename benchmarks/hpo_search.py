"""Our search as pure logic on recorded learning curves: what `practicum fit` does, without any training."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from practicum.tuning.samplers.sampler import Sampler, Values
from practicum.tuning.trial import Tried

Trace = list[tuple[int, float]]
"""(epochs spent so far, lowest error so far), in the order of time."""

Curves = Callable[[Sequence[Values]], np.ndarray]
"""Lowest error so far after every epoch, shape (trials, epochs)."""

Judge = Callable[[int, dict[int, float]], set[int]]


def race(
    sampler: Sampler, judge: Judge, lengths: Sequence[int], curves: Curves, budget: int, pack_size: int = 16
) -> tuple[Trace, int]:
    """Train packs one after the other, rung by rung, until the budget is spent.

    Args:
        sampler: proposes packs.
        judge: says who goes on.
        lengths: epochs after which the judge is asked; the last is the full length.
        curves: of a pack.
        budget: epochs of all trials together.
        pack_size: trials of a pack.

    Returns:
        The trace, with an entry whenever a rung is reached, and how many trials there were.
    """
    trace: Trace = []
    spent, lowest, first = 0, np.inf, 0
    while spent < budget:
        pack = sampler.ask(pack_size)
        known = curves(pack)
        ages = np.zeros(len(pack), int)
        training = set(range(len(pack)))
        for rung, length in enumerate(lengths):
            spent += sum(length - int(ages[i]) for i in training)
            for i in training:
                ages[i] = length
            errors = {i: float(known[i, length - 1]) for i in sorted(training)}
            lowest = min(lowest, *errors.values(), np.inf)
            trace.append((spent, lowest))
            if rung == len(lengths) - 1:
                break
            going = judge(rung, {first + i: error for i, error in errors.items()})
            training = {number - first for number in going}
            if not training:
                break
        sampler.tell(
            [
                Tried(
                    first + i,
                    pack[i],
                    float(known[i, ages[i] - 1]),
                    age=int(ages[i]),
                    halted=bool(ages[i] < lengths[-1]),
                )
                for i in range(len(pack))
            ]
        )
        first += len(pack)
    return trace, first


def at(trace: Trace, marks: Sequence[int]) -> list[float]:
    """Return the lowest error when each of ``marks`` epochs were spent; infinite before the first entry."""
    return [min((error for spent, error in trace if spent <= mark), default=np.inf) for mark in marks]
