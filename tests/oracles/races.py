"""Races on small packs, and a judge whose decisions depend on all it has seen."""

from __future__ import annotations

import math

from tests.oracles.problems import problem, small_recipe

from practicum.engine.plans.plan import Plan

RUNGS = (40, 110)
"""In updates; a validation is every 25, so packs are judged after 50 and 125."""

RATES = (0.02, 0.3, 1e6, 0.1)
"""The third diverges."""

TASK = problem("binary").laid_out(small_recipe())


def pack(number, task=TASK, size=4, **values):
    """Return pack ``number``: four trials, of which one diverges, that end at different updates."""
    recipes = [
        small_recipe(
            **{
                "seed": 100 * number + k,
                "learning_rate": RATES[k % 4] * 1.3**number,
                "num_steps": 140 + 20 * k + 10 * number,
                "early_stopping": False,
                "momentum": 0.5,
                **values,
            }
        )
        for k in range(size)
    ]
    return Plan(recipes, task, [10 * number + k for k in range(size)])


def packs(count, **values):
    """Return a function that gives so many packs."""
    return lambda number: pack(number, **values) if number < count else None


def everyone(rung, errors):
    """Be a judge who lets all go on."""
    return set(errors)


class Halving:
    """A judge: whoever is in the better half of all that have come to the rung so far, or the best of its pack.

    Attributes:
        calls: rung and trials of each call.
    """

    def __init__(self):
        self.seen, self.calls = {}, []

    def __call__(self, rung, errors):
        """Return them."""
        self.calls.append((rung, tuple(errors)))
        seen = self.seen.setdefault(rung, [])
        seen += errors.values()
        bar = sorted(seen)[(len(seen) - 1) // 2]
        best = min(errors, key=errors.get)
        return {trial for trial, error in errors.items() if error < bar} | (
            {best} if math.isfinite(errors[best]) else set()
        )

    def at(self, rung):
        """Return the packs judged at ``rung``, in order."""
        return [trials[0] // 10 for number, trials in self.calls if number == rung]
