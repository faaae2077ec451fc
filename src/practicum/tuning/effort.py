"""How much a search may do: which space, how many settings, how long each trains; decided once, before it begins.

With a number of trials, all follows from the data; with a time, from the pace of the first updates. What time decided
is written down, so that the same can be done again without a clock [3.3-14].
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from practicum.core.errors import ConfigError, RecordError
from practicum.engine.clock import Clock
from practicum.engine.crew.cores import num_cores
from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.tuning.aside import Aside
from practicum.tuning.cuts import Cuts, cuts_from
from practicum.tuning.demand import Demand
from practicum.tuning.equal_time import Pace, paces_from
from practicum.tuning.examined import Stop, stops_from
from practicum.tuning.lengths import Lengths, by_data, by_steps, by_time

SEARCH_SHARE = 0.55
"""Part of the training time for the search; the finals have the rest."""

PACE_KEPT = 0.8
"""Cores that work side by side get so much of what one alone gets: memory is shared, packs wait for each other."""

DEFAULT_TRIALS = 64

PACK_SIZE = 16

NUM_ALIKE, FEW_ALIKE, MANY_TRIALS = 8, 4, 48
"""Settings of the same shapes in a row. Packs of 4 find more than packs of 16 in as many trials
(`benchmarks/lcbench.py`), larger ones are quicker; a search of few settings would otherwise see few shapes."""


@dataclass(frozen=True)
class Effort:
    """What a search may do.

    Attributes:
        space: what is varied.
        sampler: name of the strategy.
        lengths: of training, and the number of settings.
        num_folds: trainings of each setting, 1 for a hold-out set.
        num_seeds: trainings of each finalist.
        pack_size: settings asked for at once.
        num_alike: consecutive settings that a strategy gives the same shapes, so that they can share a program.
        search_ends: moment of :func:`time.monotonic` at which the search must be over.
        phases: where a run is repeated, numbers of the settings that each phase tried and of the finals; else nothing.
        cut: where the clock ended trainings of a run that is repeated, by number.
        may_stop: whether the search may end before all are tried, where more would not pay.
        aside: parts of the time for other things.
        paces: how long each batch size is trained that is compared; empty for no comparison, ``None`` while that is not
            decided.
        grid_steps: updates of each training of the small grid; ``None`` while that is not decided.
        halted: at which rung each setting was given up, by its number; of a run that is repeated, else ``None``.
        stopped: which settings were stopped by diagnosis, by number; of a run that is repeated, else ``None``.
        entering: numbers of the settings that enter the finals, the best first; empty while that is not decided.
        final_ages: examples that a finalist's training sees, by the setting's number; empty for as many as the lengths
            say, ``None`` while that is not decided.
    """

    space: Space
    sampler: str
    lengths: Lengths
    num_folds: int
    num_seeds: int
    pack_size: int = PACK_SIZE
    num_alike: int = NUM_ALIKE
    search_ends: float = math.inf
    phases: Mapping[str, Sequence[int]] = field(default_factory=dict)
    cut: Cuts = field(default_factory=dict)
    may_stop: bool = False
    aside: Aside = field(default_factory=Aside)
    paces: Mapping[int, Pace] | None = None
    grid_steps: int | None = None
    halted: Mapping[int, int] | None = None
    stopped: Mapping[int, Stop] | None = None
    entering: tuple[int, ...] = ()
    final_ages: Mapping[int, int] | None = None

    def lengths_of(self, number: int) -> Lengths:
        """Return how long setting ``number`` trains."""
        return replace(self.lengths, final=(self.final_ages or {}).get(number, self.lengths.final))

    def as_plain(self) -> dict[str, Any]:
        """Return what JSON can hold of it: all but the moment."""
        return {
            "space": self.space.as_mapping(),
            "base": self.space.base.model_dump(mode="json"),
            "sampler": self.sampler,
            "lengths": self.lengths.as_plain(),
            "num_folds": self.num_folds,
            "num_seeds": self.num_seeds,
            "pack_size": self.pack_size,
            "num_alike": self.num_alike,
            "may_stop": self.may_stop,
            "aside": [self.aside.batch_size, self.aside.grid],
            "paces": None
            if self.paces is None
            else {str(size): pace.as_plain() for size, pace in self.paces.items()},
            "grid_steps": self.grid_steps,
            "entering": list(self.entering),
            "final_ages": None
            if self.final_ages is None
            else {str(number): age for number, age in self.final_ages.items()},
            "phases": {name: list(some) for name, some in self.phases.items()},
            "cut": {str(trial): list(cut) for trial, cut in self.cut.items()},
        }


def effort_for(
    demand: Demand,
    clock: Clock,
    space_of: Callable[[int], Space],
    pace: Callable[[], float],
) -> Effort:
    """Return what a search may do.

    Args:
        demand: what is asked for.
        clock: the budget, running.
        space_of: returns what is varied when so many settings are tried.
        pace: measures how many seconds one core takes for one example; asked only where time decides.
    """
    limited = math.isfinite(clock.training_ends)
    lengths = _by_pace(demand, clock, pace) if limited else _by_data(demand)
    lengths = lengths.examined() if demand.diagnosed else lengths
    return Effort(
        space=space_of(lengths.num_trials),
        sampler=demand.sampler,
        lengths=lengths,
        num_folds=demand.num_folds,
        num_seeds=demand.num_seeds,
        num_alike=NUM_ALIKE if lengths.num_trials >= MANY_TRIALS else FEW_ALIKE,
        may_stop=demand.num_trials is None,
        search_ends=clock.share(SEARCH_SHARE * demand.aside.left) if limited else math.inf,
        aside=demand.aside,
    )


def _by_data(demand: Demand) -> Lengths:
    num_trials = demand.num_trials or DEFAULT_TRIALS
    if demand.num_steps is not None:
        return by_steps(demand.num_steps, demand.batch_size, num_trials)
    return by_data(demand.num_train, num_trials)


def _by_pace(demand: Demand, clock: Clock, pace: Callable[[], float]) -> Lengths:
    share = SEARCH_SHARE if demand.searched else 0.0
    seconds_an_example = pace()
    seconds = demand.aside.left * max(0.0, clock.training_ends - time.monotonic())
    capacity = (demand.num_workers or num_cores()) * PACE_KEPT * seconds / seconds_an_example
    if demand.num_steps is not None:
        size, finals = demand.batch_size, demand.num_finals
        return by_steps(demand.num_steps, size, demand.num_trials, capacity, share, finals)
    return by_time(demand.num_train, capacity, share, demand.num_finals, demand.num_trials, demand.num_folds)


def repeated(decisions: Mapping[str, Any], search_ends: float = math.inf) -> Effort:
    """Return the effort of a run that is to be repeated, or that goes on.

    Args:
        decisions: as :meth:`Effort.as_plain` wrote them; of a finished run with its phases and cuts.
        search_ends: moment at which the search must be over; ``inf`` where all is decided.

    Raises:
        RecordError: if the run does not say what was decided.
    """
    try:
        base = Recipe.from_mapping(decisions["base"])
        return Effort(
            space=Space.from_mapping(decisions["space"], base=base, source="the run"),
            sampler=str(decisions["sampler"]),
            lengths=Lengths.from_plain(decisions["lengths"]),
            num_folds=int(decisions["num_folds"]),
            num_seeds=int(decisions["num_seeds"]),
            pack_size=int(decisions["pack_size"]),
            num_alike=int(decisions["num_alike"]),
            may_stop=bool(decisions["may_stop"]),
            search_ends=search_ends,
            phases={str(name): [int(k) for k in some] for name, some in decisions.get("phases", {}).items()},
            cut=cuts_from(decisions.get("cut", {})),
            aside=Aside(*decisions.get("aside", ())),
            paces=paces_from(decisions.get("paces")),
            grid_steps=decisions.get("grid_steps"),
            halted=_numbers(decisions.get("halted")),
            stopped=stops_from(decisions.get("stopped")),
            entering=tuple(int(number) for number in decisions.get("entering", ())),
            final_ages=_numbers(decisions.get("final_ages")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ConfigError) as error:
        raise RecordError(
            f"`replay` must name a finished run, but it does not say what was decided ({error}). "
            "Run `practicum fit` without it."
        ) from None


def _numbers(plain: Mapping[str, Any] | None) -> dict[int, int] | None:
    return None if plain is None else {int(number): int(value) for number, value in plain.items()}
