"""What is compared on LCBench: our search, its parts exchanged, the plain baseline, Optuna's pruners, random search."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import optuna

from hpo_search import Curves, Trace, race
from lcbench_data import NUM_EPOCHS
from practicum.recipe.space import Space
from practicum.tuning.halving import Halving
from practicum.tuning.samplers.quasi_random import QuasiRandom
from practicum.tuning.samplers.random_search import Random
from practicum.tuning.samplers.zoom import Zoom
from practicum.tuning.study.parameters import suggest

Method = Callable[[Space, int, Curves, int], Trace]
"""Searches a space with a seed on curves for a number of epochs."""

LENGTHS = (2, 6, 17, NUM_EPOCHS)
"""Epochs: geometric, η = 3; all but the last are rungs to judge at."""

PACK_SIZE = 16
STRUCTURES = 4
"""Packs of 16 are four times four of the same structure."""

NUM_RANDOM = 200


class FirstEpochs:
    """The plain baseline: all are stopped at the first rung but the best few so far, which train in full.

    Args:
        keep: how many. Of later packs only those go on that belong to the best ``keep`` of all so far.

    Source:
        After the chapter: Egele et al. 2024 ("is one epoch all you need").
    """

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._best: list[float] = []

    def __call__(self, rung: int, errors: Mapping[int, float]) -> set[int]:
        """Return the trials that go on."""
        finite = {trial: error for trial, error in errors.items() if np.isfinite(error)}
        if rung > 0:
            return set(finite)
        self._best = sorted([*self._best, *finite.values()])[: self._keep]
        ranked = sorted(finite, key=lambda trial: (finite[trial], trial))
        return {trial for trial in ranked[: self._keep] if finite[trial] <= self._best[-1]}


def ours(space: Space, seed: int, curves: Curves, budget: int) -> Trace:
    """Return the trace of `practicum fit`'s search."""
    return race(Zoom(space, seed, PACK_SIZE // STRUCTURES), Halving(3), LENGTHS, curves, budget, PACK_SIZE)[0]


def zoom_alone(space: Space, seed: int, curves: Curves, budget: int) -> Trace:
    """Return the trace of our sampler with every trial trained in full."""
    sampler = Zoom(space, seed, PACK_SIZE // STRUCTURES)
    return race(sampler, Halving(3), LENGTHS[-1:], curves, budget, PACK_SIZE)[0]


def halving_alone(space: Space, seed: int, curves: Curves, budget: int) -> Trace:
    """Return the trace of our judge on quasi-random trials."""
    return race(QuasiRandom(space, seed), Halving(3), LENGTHS, curves, budget, PACK_SIZE)[0]


def first_epochs(num_epochs: int) -> Method:
    """Return the plain baseline: random trials stop after the first epochs, the best three so far train in full."""

    def method(space: Space, seed: int, curves: Curves, budget: int) -> Trace:
        lengths = (num_epochs, NUM_EPOCHS)
        return race(Random(space, seed), FirstEpochs(3), lengths, curves, budget, PACK_SIZE)[0]

    return method


def zoom_first_epochs(space: Space, seed: int, curves: Curves, budget: int) -> Trace:
    """Return the trace of our sampler with the plain baseline's judge."""
    sampler = Zoom(space, seed, PACK_SIZE // STRUCTURES)
    return race(sampler, FirstEpochs(3), (LENGTHS[0], NUM_EPOCHS), curves, budget, PACK_SIZE)[0]


def random_full(space: Space, seed: int, curves: Curves, budget: int) -> Trace:
    """Return the trace of random search with full trials, one after the other."""
    trials = Random(space, seed).ask(budget // NUM_EPOCHS)
    lowest = np.minimum.accumulate(curves(trials)[:, -1])
    return [(NUM_EPOCHS * (number + 1), float(error)) for number, error in enumerate(lowest)]


def with_optuna(make_pruner: Callable[[], optuna.pruners.BasePruner]) -> Method:
    """Return Optuna's TPE with one of its pruners, asked after every epoch, as its documentation shows."""

    def method(space: Space, seed: int, curves: Curves, budget: int) -> Trace:
        sampler = optuna.samplers.TPESampler(seed=seed)
        study = optuna.create_study(sampler=sampler, pruner=make_pruner())
        trace: Trace = []
        spent, lowest = 0, np.inf
        while spent < budget:
            trial = study.ask()
            curve = curves([{name: suggest(trial, space, name) for name in space.names}])[0]
            state = optuna.trial.TrialState.COMPLETE
            for epoch, error in enumerate(curve.tolist(), 1):
                spent += 1
                if error < lowest:
                    lowest = error
                    trace.append((spent, lowest))
                trial.report(error, epoch)
                if trial.should_prune():
                    state = optuna.trial.TrialState.PRUNED
                    break
            study.tell(trial, error if state == optuna.trial.TrialState.COMPLETE else None, state=state)
        return trace

    return method


def hyperband() -> optuna.pruners.BasePruner:
    """Return Optuna's Hyperband for our lengths."""
    return optuna.pruners.HyperbandPruner(min_resource=1, max_resource=NUM_EPOCHS, reduction_factor=3)


METHODS: dict[str, Method] = {
    "ours (zoom, halving)": ours,
    "zoom alone": zoom_alone,
    "halving alone": halving_alone,
    "zoom, first 2 epochs, then best in full": zoom_first_epochs,
    "first epoch, then best in full": first_epochs(1),
    "first 2 epochs, then best in full": first_epochs(2),
    "first 6 epochs, then best in full": first_epochs(6),
}
PEERS: dict[str, Method] = {
    "Optuna TPE + Hyperband": with_optuna(hyperband),
    "Optuna TPE + MedianPruner": with_optuna(optuna.pruners.MedianPruner),
    "Optuna TPE + SuccessiveHalving": with_optuna(optuna.pruners.SuccessiveHalvingPruner),
}
