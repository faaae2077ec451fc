"""A small grid around the best, over the two entries that matter most: it shows what random points cannot.

Nothing is chosen by it. Everything else stays as the winner has it, so that a reader sees how steep the valley is and
whether the two entries depend on each other.
Source: Bengio 2012, 3.4-07.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from practicum.recipe import Recipe
from practicum.recipe.space import Entry, Space
from practicum.tuning.analysis.importance import importances
from practicum.tuning.analysis.positions import few_positions, numbers_of, position_of
from practicum.tuning.arena import in_folds
from practicum.tuning.batch_size import Train
from practicum.tuning.finals import Asked
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.trial import Tried

NUM_VALUES = 4
"""Of each of the two entries; fewer say nothing of a minimum between them [3.3-04]."""

STEP = 1 / 12
"""Between two values, as a share of the range on its own scale: a factor of 3.2 for rates from 1e-6 to 1."""

SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of the grid.

    Attributes:
        name: of the entry.
        values: ascending; "off", where it is among them, first.
        best: the winner's.
    """

    name: str
    values: tuple[float, ...]
    best: float


@dataclass(frozen=True, slots=True)
class SmallGrid:
    """What the grid reached.

    Attributes:
        rows: the entry down the side, A values.
        columns: the entry along the top, B values.
        errors: validation errors, ``inf`` where a training diverged, shape (A, B).
        num_steps: updates of each training.
    """

    rows: Axis
    columns: Axis
    errors: npt.NDArray[np.float64]
    num_steps: int

    @property
    def text(self) -> str:
        """One sentence: where the grid is lowest, against the winner's own cell."""
        if not np.isfinite(self.errors).any():
            return "No cell of the small grid reached an error: they diverged, or time ended them."
        place = np.unravel_index(np.argmin(self.errors), self.errors.shape)
        row, column = self.rows.values[int(place[0])], self.columns.values[int(place[1])]
        where = f"`{self.rows.name}` {row:.3g} and `{self.columns.name}` {column:.3g}"
        if (row, column) == (self.rows.best, self.columns.best):
            return f"In a small grid around it, the chosen setting ({where}) is the best [3.4-07]."
        return f"In a small grid around the chosen setting, {where} are the best: {np.min(self.errors):.4g} [3.4-07]."


def grid_axes(
    tried: Sequence[Tried], space: Space, values: Values, seed: int = 0
) -> tuple[Axis, Axis] | None:
    """Return the two sides: the most important numbers that act in the winner and cost no packs of their own.

    Args:
        tried: finished trials, which say what matters; where they cannot, the space's order does.
        space: what was searched.
        values: the winner's.
        seed: of the importance's resampling.

    Returns:
        None where fewer than two numbers were varied.
    """
    parents = {name for entry in space.entries for name in entry.when}
    free = [
        entry
        for entry in space.entries
        if entry.name in space.free
        and entry.name not in parents  # its children would come and go
        and entry.name in values
        and numbers_of(entry) is not None
    ]
    ranked = {one.name: place for place, one in enumerate(importances(tried, space, seed))}
    free.sort(key=lambda entry: ranked.get(entry.name, len(ranked)))
    axes = [
        axis for axis in (axis_around(entry, values[entry.name]) for entry in free) if len(axis.values) > 1
    ]
    return (axes[0], axes[1]) if len(axes) > 1 else None


def axis_around(entry: Entry, value: Any, count: int = NUM_VALUES) -> Axis:
    """Return ``count`` values of ``entry``, ``value`` among them, :data:`STEP` apart; more where there is more room.

    Example:
        >>> from practicum.recipe.space import Log
        >>> axis = axis_around(Entry("learning_rate", Log(1e-6, 1.0)), 0.1)
        >>> [float(f"{value:.2g}") for value in axis.values]
        [0.01, 0.032, 0.1, 0.32]
    """
    numbers = numbers_of(entry)
    assert numbers is not None
    place = position_of(numbers, value)
    if math.isnan(place):  # off, or from a range that is no more
        spread = (float(numbers.value((i + 0.5) / (count - 1))) for i in range(count - 1))
        return Axis(entry.name, tuple(sorted({float(value), *spread})), float(value))
    steps = few_positions(numbers)
    units = [place + STEP * (i - (count - 1)) for i in range(2 * count - 1)] if steps is None else list(steps)
    inside = [unit for unit in units if -SLACK <= unit <= 1 + SLACK]
    at = min(range(len(inside)), key=lambda i: abs(inside[i] - place))
    below = count // 2 if place >= 0.5 else count // 2 - 1
    first = max(0, min(at - below, len(inside) - count))
    made = {
        float(numbers.value(unit)) for i, unit in enumerate(inside) if first <= i < first + count and i != at
    }
    return Axis(entry.name, tuple(sorted({*made, float(value)})), float(value))


def small_grid(
    values: Values, recipe: Recipe, axes: tuple[Axis, Axis], train: Train, num_folds: int = 1
) -> SmallGrid:
    """Train the grid and return what it reached.

    Args:
        values: the winner's.
        recipe: the winner's, with the length of the grid's trainings.
        axes: its two sides.
        train: trains on one seed.
        num_folds: trainings of each setting, 1 for a hold-out set.

    Source:
        Bengio 2012, 3.4-07.
    """
    rows, columns = axes
    asked = []
    for row, column in product(rows.values, columns.values):
        cell = {rows.name: row, columns.name: column}
        asked.append(Asked(-1, {**values, **cell}, in_folds(recipe.changed(**cell), num_folds)))
    errors = np.array([finalist.errors[0] for finalist in train(asked)], dtype=np.float64)
    errors = np.where(np.isfinite(errors), errors, np.inf)
    assert recipe.num_steps is not None
    return SmallGrid(rows, columns, errors.reshape(len(rows.values), len(columns.values)), recipe.num_steps)
