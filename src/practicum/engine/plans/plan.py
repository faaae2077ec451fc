"""A plan: which trials to train together on what, before anything is built."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from practicum.recipe import Recipe
from practicum.training.pack import Pack, validation_interval
from practicum.training.program import Task


@dataclass(frozen=True)
class Plan:
    """The trials of one pack.

    Attributes:
        recipes: one a trial, equal in structure.
        task: what they are trained on.
        trials: the trials' numbers.
        largest: most trials that run as one program; all of them without it. It decides how quick a pack is and what
            rounding does, never who is compared with whom.
    """

    recipes: Sequence[Recipe]
    task: Task
    trials: Sequence[int]
    largest: int | None = None

    @property
    def by_trial(self) -> Mapping[int, Recipe]:
        """The recipes by trial number."""
        return dict(zip(self.trials, self.recipes, strict=True))

    @property
    def validate_every(self) -> int:
        """Updates from one validation to the next."""
        first = self.recipes[0]
        return first.validate_every_steps or validation_interval(self.task.num_valid, first.batch_size)

    def build(self, members: Sequence[int]) -> Pack:
        """Return the untrained pack of the trials ``members``."""
        recipes = self.by_trial
        return Pack([recipes[trial] for trial in members], self.task, members)

    def fingerprint(self, data: str = "") -> str:
        """Return a hash of trials and recipes, and of ``data``, which the caller says of its own data.

        Example:
            >>> len(Plan([Recipe()], None, [0]).fingerprint())
            32
        """
        told = {
            "data": data,
            "trials": list(self.trials),
            "recipes": [recipe.model_dump(mode="python") for recipe in self.recipes],
        }
        text = json.dumps(told, sort_keys=True, default=str)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
