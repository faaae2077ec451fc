"""Some rows of a prepared table as plain arrays, and how well their targets can be predicted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.checks.forests import Array, Skill, skill
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset, Task
from practicum.data.pipeline import Prepared

MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Sampled:
    """Training rows of a prepared table.

    Attributes:
        x: inputs as the network sees them, (N, I); codes of looked-up columns come last.
        y: class numbers, or values, (N,).
        task: what is predicted.
        columns: of each column of the table, its places in ``x``.
    """

    x: Array
    y: Array
    task: Task
    columns: dict[str, list[int]]

    @classmethod
    def of(cls, prepared: Prepared, seed: int = 0) -> Sampled:
        """Return at most :data:`MOST_ROWS` training rows, drawn by ``seed``, in their order.

        Example:
            >>> from practicum.data.pipeline import load, prepare
            >>> from practicum.recipe import Recipe
            >>> table = {"a": [1.5, 2, 4] * 10, "b": [1, 3, 4, 4, 7] * 6, "y": ["no", "yes"] * 15}
            >>> Sampled.of(prepare(load(table, "y"), recipe=Recipe())).columns
            {'a': [0], 'b': [1]}
        """
        rows = some_rows(len(prepared.train), seed)
        places: dict[str, list[int]] = {}
        for number, name in enumerate(_owners(prepared)):
            places.setdefault(name, []).append(number)
        x_NI, y_N = inputs_of(prepared.train)[rows], targets_of(prepared.train, prepared.schema.task)[rows]
        return cls(x_NI, y_N, prepared.schema.task, places)

    def skill(self, places: list[int] | None = None, seed: int = 0) -> Skill:
        """Return what a forest learns of the targets, by cross-validation.

        Args:
            places: of the inputs that it may use; all by default.
            seed: of folds and forests.
        """
        x_NI = self.x if places is None else self.x[:, places]
        return skill(x_NI, self.y, self.task, seed)


def some_rows(num_rows: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the numbers of at most :data:`MOST_ROWS` rows, ascending."""
    if num_rows <= MOST_ROWS:
        return np.arange(num_rows)
    drawn = stream(seed, "checks/rows").choice(num_rows, MOST_ROWS, replace=False)
    return np.sort(drawn).astype(np.int64)


def inputs_of(rows: Dataset) -> Array:
    """Return inputs and codes as one matrix."""
    return np.concatenate([rows.x.double().numpy(), rows.codes.double().numpy()], axis=1)


def targets_of(rows: Dataset, task: Task) -> Array:
    """Return class numbers, or values."""
    target_NO = rows.target.double().numpy()
    return np.asarray(target_NO.argmax(1), np.float64) if task == "multiclass" else target_NO[:, 0]


def _owners(prepared: Prepared) -> list[str]:
    """Return the column of the table behind each input; the component's own name where they are mixed."""
    plans = prepared.preparation.plans
    if prepared.preparation.projection is not None:
        named = list(prepared.preparation.input_names)
    else:
        named = [plan.name for plan in plans for _ in plan.input_names]
    return named + [plan.name for plan in plans if plan.embedded]
