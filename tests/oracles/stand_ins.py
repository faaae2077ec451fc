"""Stand-ins for parts of the engine, so that a test decides what is measured and how time passes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from tests.oracles.problems import problem, same_bits, small_recipe

from practicum.core.events import Ended
from practicum.core.seeds import stream
from practicum.recipe import Recipe
from practicum.training.evaluate import Evaluation
from practicum.training.loop import run
from practicum.training.mlp.task import MLPTask


class CurveEvaluator:
    """Stands in for an evaluator: the n-th call returns the n-th value of each trial's curve."""

    def __init__(self, curves, row_losses=None, loss=1.0):
        self.curves, self.row_losses, self.loss, self.calls = curves, row_losses, loss, 0

    def run(self):
        """Return the next values; the last ones are held."""
        values = np.array([curve[min(self.calls, len(curve) - 1)] for curve in self.curves])
        rows = torch.zeros(len(values), 1)
        if self.row_losses is not None:
            rows = self.row_losses[min(self.calls, len(self.row_losses) - 1)]
        self.calls += 1
        return Evaluation(loss=np.full(len(values), self.loss), error=values, row_losses=rows)


class NoUpdate:
    """Stands in for an update: nothing moves."""

    def plan(self, first_step, rates, momenta):
        """Ignore the rates."""

    def run(self, indices, step):
        """Do nothing."""


def stand_still(pack, loss):
    """Make the pack's updates do nothing, at a constant training loss."""
    losses = torch.full((len(pack),), loss)
    pack.update, pack.program.batch_losses = NoUpdate(), lambda: losses


def curve_pack(curves, **values):
    """Return a pack that validates on made-up curves; the first call is the untrained net's."""
    recipe = small_recipe(hidden_sizes=(), **values)
    pack = problem("binary", num_train=16, num_valid=4).pack(
        [recipe.changed(seed=k) for k in range(len(curves))]
    )
    pack.evaluate, pack.keep_best = (
        CurveEvaluator([[1.0, *curve] for curve in curves]).run,
        lambda which: None,
    )
    stand_still(pack, 1.0)
    return pack


def significance_pack(shifts, significant):
    """Return a pack whose row losses fall by noisy amounts, 100 rows, the error each time lower."""
    noise = torch.from_numpy(stream(0, "tests/noise").standard_normal((len(shifts) + 1, 1, 100)))
    rows = [0.5 + shift + noise[n] * 0.1 for n, shift in enumerate([0.0, *shifts])]
    pack = curve_pack([[]], validate_every_steps=10, significant_only=significant)
    errors = [[0.9 - 0.1 * n for n in range(len(rows))]]
    pack.evaluate = CurveEvaluator(errors, row_losses=rows).run
    pack.best_row_losses = torch.full((1, 100), torch.inf, dtype=torch.float64)
    return pack


def ends_of(events):
    """Return step and reason of each trial that ended."""
    return {event.trial: (event.step, event.reason) for event in events if isinstance(event, Ended)}


@dataclass(frozen=True)
class TroubledTask(MLPTask):
    """A task that does something whenever a pack of it is built."""

    trouble: Callable[[Sequence[Recipe]], None] = field(default=lambda _: None)

    def program(self, recipes):
        """Do it, then build."""
        self.trouble(recipes)
        return super().program(recipes)


def troubled(task, trouble):
    """Return ``task`` with ``trouble``, which is called with the recipes."""
    return TroubledTask(task.network, task.train, task.valid, trouble=trouble)


def die(caller):
    """End this process as the kernel does when memory is full; a test that would end itself fails instead."""
    assert os.getpid() != caller, "not in a child"
    os.kill(os.getpid(), signal.SIGKILL)


def dying_once(flag, trial, step):
    """Return a training loop whose process dies the first time that ``trial`` has passed ``step``."""
    caller = os.getpid()

    def dying(pack, until):
        for event in run(pack, until):
            if trial in pack.trials and pack.step >= step and not flag.exists():
                flag.touch()
                die(caller)
            yield event

    return dying


def same_results(one, other):
    """Return whether two lists of results agree in every bit but the time they took, whatever the order."""

    def by_trial(results):
        return sorted(results, key=lambda result: result.trial)

    return len(one) == len(other) and all(
        repr({**a.plain(), "seconds": 0}) == repr({**b.plain(), "seconds": 0})
        and a.recipe == b.recipe
        and same_bits(a.weights, b.weights)
        for a, b in zip(by_trial(one), by_trial(other), strict=True)
    )
