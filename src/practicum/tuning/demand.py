"""What is asked of a search, before anything is measured: how many settings, seeds and folds, which space."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.request import Request
from practicum.tuning.aside import Aside
from practicum.tuning.finals import NUM_FINALISTS

FEW_ROWS = 3000
NUM_FOLDS = 5
"""Below so many rows to train and choose with, each setting is trained on that many folds [3-03]."""

SMALL_SPACE_TRIALS = 24
"""With fewer settings than this, only what matters most is varied [3.1-01]."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What is asked of a search, whatever is trained.

    Attributes:
        num_train: rows that each trial trains on.
        num_trials: settings to try; ``None`` for as many as the time allows.
        num_seeds: trainings of each finalist [3.2-35].
        num_folds: trainings of each setting, 1 for a hold-out set.
        num_steps: updates of every trial, where they are given.
        batch_size: of a typical trial.
        sampler: name of the strategy.
        num_workers: packs trained side by side; one per core by default.
        searched: whether anything is; else one recipe is trained on all seeds.
        aside: parts of the time for other things.
        diagnosed: whether trials that a diagnosis calls hopeless leave early.
    """

    num_train: int
    num_trials: int | None = None
    num_seeds: int = 5
    num_folds: int = 1
    num_steps: int | None = None
    batch_size: int = 32
    sampler: str = "zoom"
    num_workers: int | None = None
    searched: bool = True
    aside: Aside = field(default_factory=Aside)
    diagnosed: bool = False

    @classmethod
    def of(cls, request: Request, num_train: int, num_known: int) -> Self:
        """Return what ``request`` asks for.

        Args:
            request: of a fit.
            num_train: rows to train on where some are held out.
            num_known: these and the validation rows together.
        """
        num_folds = folds_for(request, num_known)
        folded, num_seeds = num_folds > 1, request.num_seeds
        if folded and request.recipe is None:  # folds say much of what seeds say
            num_seeds = max(2, math.ceil(2 * num_seeds / num_folds))
        return cls(
            num_train=num_known - num_known // num_folds if folded else num_train,
            num_trials=request.num_trials,
            num_seeds=num_seeds,
            num_folds=num_folds,
            sampler=request.sampler,
            num_workers=request.num_workers,
            searched=request.recipe is None,
            diagnosed=request.diagnosis and request.recipe is None,
        )

    @property
    def num_finals(self) -> int:
        """Trainings of finalists."""
        return (NUM_FINALISTS if self.searched else 1) * self.num_seeds * self.num_folds


def folds_for(request: Request, num_known: int) -> int:
    """Return in how many folds to train: as asked for, as the recipe says, or by the rows there are [3-03]."""
    if request.num_folds is not None:
        return request.num_folds
    if request.recipe is not None:
        return request.recipe.num_folds or 1
    if request.time is not None or num_known >= FEW_ROWS:
        return 1
    return NUM_FOLDS


def space_for(
    space: Space | str | None,
    recipe: Recipe,
    num_train: int,
    num_trials: int | None,
    scientific: Sequence[str] = (),
) -> Space:
    """Return the space to search: the one asked for, or the default, or for few trials what matters most.

    Args:
        space: a space, a preset's name, or ``None`` for the default.
        recipe: for all that is not varied.
        num_train: training rows.
        num_trials: settings that can be tried; ``None`` where nobody knows.
        scientific: names of entries of which the user wants to know whether they matter [3.4-07].

    Raises:
        ConfigError: if the space has no entry of such a name.
    """
    if isinstance(space, Space):
        return space.asking(*scientific)
    if space is None:
        few = num_trials is not None and num_trials < SMALL_SPACE_TRIALS
        small, default = (set(scientific) <= set(Space.preset(name).names) for name in ("small", "default"))
        space = "small" if small and (few or not default) else "default"
    preset = Space.preset(space, num_train=num_train)
    # Pixels share a scale, which a search over preparations would take from them.
    preset = preset.fixed(preprocess="unit") if recipe.preprocess == "unit" else preset
    return preset.asking(*scientific)
