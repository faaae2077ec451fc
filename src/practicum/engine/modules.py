"""The trials of a search over a user's own module: how each is run, decided when its structure is first seen.

Whether a structure can be lifted is found by value; whether that pays, and for how many trials at a time, by a
measurement that is kept. Neither changes which trials are compared with which: what time chooses is how a pack is cut
into programs, nothing else.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from torch import nn

from practicum.core.errors import RecordError
from practicum.engine.cost import seconds_an_example
from practicum.engine.plans.arrange import MEASURED_SHARE, best_size
from practicum.engine.plans.crossover import SECONDS, Cache
from practicum.engine.plans.memory import free_bytes, largest_pack
from practicum.engine.plans.plan import Plan
from practicum.engine.saved import checkpoint
from practicum.recipe import Recipe
from practicum.training.lift.instance import instances
from practicum.training.lift.memory import COPIES, bytes_a_trial
from practicum.training.lift.task import ModelTask
from practicum.training.lift.trust import check_lift, check_plain

LARGEST = 16
"""Trials of one pack at most."""

WAYS = "ways.json"


@dataclass(frozen=True, slots=True)
class Way:
    """How trials of one structure are run.

    Attributes:
        size: trials of one program; 1 where the plain module is run.
        reason: why it cannot be lifted; empty where it can.
    """

    size: int
    reason: str = ""


class Modules:
    """Gives each recipe what it is trained on, lifted or alone.

    Args:
        task: the user's module, loss and data.
        num_workers: packs that are trained side by side.
        folder: keeps the ways, so that a search that goes on runs as it was begun; none without it.
        deadline: moment of :func:`time.monotonic` at which all ends: nothing is measured when that would take a large
            part of the time.
        cache: of measured crossovers; the user's own without it.

    Attributes:
        largest_pack: trials of one pack at most, within the memory as far as it is known.
    """

    def __init__(
        self,
        task: ModelTask,
        num_workers: int = 1,
        folder: Path | None = None,
        deadline: float = math.inf,
        cache: Cache | None = None,
    ) -> None:
        self.task, self._alone = task, task.alone()
        self._num_workers, self._deadline = num_workers, deadline
        self._cache = cache or Cache()
        self._path = None if folder is None else folder / WAYS
        self._kept = {} if self._path is None else _read(self._path)
        self._ways: dict[Hashable, Way] = {}
        self._seconds = 0.0
        self.largest_pack = LARGEST

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know: which trials run one by one, and why."""
        reasons = list(dict.fromkeys(way.reason for way in self._ways.values() if way.reason))
        if not reasons:
            return ()
        every = all(way.reason for way in self._ways.values())
        return (f"{'All' if every else 'Some'} trials run one by one: {'; '.join(reasons)}.",)

    @property
    def any_lifted(self) -> bool:
        """Whether some structure that was seen can be lifted."""
        return any(not way.reason for way in self._ways.values())

    def tasks(self, recipes: Sequence[Recipe]) -> list[ModelTask]:
        """Return what each of ``recipes`` is trained on: the lifted module, or the plain one."""
        return [self.task if self.way(recipe).size > 1 else self._alone for recipe in recipes]

    def plan(self, recipes: Sequence[Recipe], trials: Sequence[int]) -> Plan:
        """Return the plan of a pack of ``recipes``, which are equal in structure."""
        return Plan(recipes, self.tasks(recipes[:1])[0], trials, self.way(recipes[0]).size)

    def way(self, recipe: Recipe) -> Way:
        """Return how trials like ``recipe`` are run.

        Raises:
            ConfigError, DataError, ShapeError: if its module, or the loss, cannot be used.
        """
        key = (self.task.structure(recipe), recipe.batch_size, recipe.update_rule)
        if key not in self._ways:
            # Structures come in the same order when a search goes on, and their names may be told apart less well.
            name = f"{len(self._ways)} {hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()}"
            found = self._kept.get(name)
            if found is None:
                found = self._kept[name] = self._decided(recipe)
                self._write()
            self._ways[key] = found
        return self._ways[key]

    def seconds_an_example(self, recipes: Sequence[Recipe]) -> float:
        """Return how long one core takes for one example of one trial, the mean over ``recipes``."""
        paces = [
            seconds_an_example(self.tasks([recipe])[0], _like(recipe, self.way(recipe).size))
            for recipe in recipes
        ]
        return sum(paces) / len(paces)

    def _decided(self, recipe: Recipe) -> Way:
        """Look whether a structure can be lifted, and measure whether that pays."""
        begun = time.monotonic()
        check_plain(self.task, recipe)
        many = _like(recipe, LARGEST)
        modules = instances(self.task, many[:2])
        reason = check_lift(self.task, many[:2], modules) or ""
        size = bytes_a_trial(self.task, recipe) if not reason else _bytes_alone(modules[0])
        fitting = largest_pack(size, free_bytes(self.task.device), self._num_workers)
        self.largest_pack = max(1, min(self.largest_pack, fitting))
        if reason:
            return Way(1, reason)
        spare = self._deadline - begun
        measures = spare > MEASURED_SHARE * (SECONDS + self._seconds)
        most = min(LARGEST, fitting)
        way = Way(best_size(self.task, many, modules[0], most, self._cache, measures=measures))
        self._seconds += time.monotonic() - begun
        return way

    def _write(self) -> None:
        if self._path is not None:
            plain = {name: asdict(way) for name, way in self._kept.items()}
            checkpoint.replace(self._path, json.dumps(plain, indent=1).encode())


def _like(recipe: Recipe, count: int) -> list[Recipe]:
    """Return ``count`` recipes of other seeds, and so of other weights."""
    return [recipe.changed(seed=recipe.seed + k) for k in range(count)]


def _bytes_alone(module: nn.Module) -> int:
    return COPIES * sum(value.numel() * value.element_size() for value in module.parameters())


def _read(path: Path) -> dict[str, Way]:
    """Return the ways that are kept at ``path``, none where there is no file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): Way(int(one["size"]), str(one["reason"])) for name, one in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordError(
            f"`folder` must hold a search that can be read, but {path} cannot ({error}). Choose a new folder.",
            folder=str(path.parent),
        ) from None
