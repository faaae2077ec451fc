"""Some rows of a prepared table as plain arrays, and how well their targets can be predicted.

Small forests judge, since they need no tuning and mind no scale. Their skill is what they take off the squared error
of always giving the same answer (for classes: the same probabilities): 1 is perfect, 0 is nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core.seeds import stream
from practicum.data.dataset import Dataset, Task
from practicum.data.pipeline import Prepared

Array = npt.NDArray[np.float64]

MOST_ROWS = 2000
NUM_FOLDS = 3
NUM_TREES = 40
MIN_LEAF = 3


@dataclass(frozen=True, slots=True)
class Skill:
    """The share of the constant's squared error that a forest takes off on rows that it has not seen.

    Attributes:
        value: at most 1; 0 or less where nothing was learned.
        standard_error: over folds and rows; infinite if it cannot be told.
    """

    value: float
    standard_error: float


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


def skill(x_NI: Array, y_N: Array, task: Task, seed: int = 0, num_blocks: int | None = None) -> Skill:
    """Return the skill of a small forest on rows that it has not seen.

    Args:
        x_NI: inputs.
        y_N: class numbers, or values.
        task: "regression", or a kind of classes.
        seed: of folds and forests.
        num_blocks: draw folds from so many blocks of successive rows; None: row by row.

    Example:
        >>> x = np.arange(90.0)[:, None]
        >>> skill(x, (x[:, 0] > 40).astype(float), "binary").value > 0.8
        True
    """
    errors_N, constant_N = _errors(x_NI, y_N, task, seed, num_blocks or len(y_N))
    worst = float(constant_N.mean())
    if worst == 0 or len(y_N) < 2:
        return Skill(0.0, math.inf)
    gain_N = (constant_N - errors_N) / worst
    return Skill(float(gain_N.mean()), float(gain_N.std(ddof=1)) / math.sqrt(len(gain_N)))


def _errors(x_NI: Array, y_N: Array, task: Task, seed: int, num_blocks: int) -> tuple[Array, Array]:
    """Return the forest's error of each row, and that of the constant of the other rows."""
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    errors_N, constant_N = np.zeros(len(y_N)), np.zeros(len(y_N))
    options = {"n_estimators": NUM_TREES, "min_samples_leaf": MIN_LEAF, "random_state": seed}
    block_N = np.arange(len(y_N)) * num_blocks // max(1, len(y_N))
    fold_N = stream(seed, "checks/folds").permutation(num_blocks)[block_N] % NUM_FOLDS
    for fold in range(min(NUM_FOLDS, num_blocks)):
        train_N, test_N = fold_N != fold, fold_N == fold
        if task == "regression":
            found = ExtraTreesRegressor(**options).fit(x_NI[train_N], y_N[train_N]).predict(x_NI[test_N])
            errors_N[test_N] = (found - y_N[test_N]) ** 2
            constant_N[test_N] = (y_N[train_N].mean() - y_N[test_N]) ** 2
        else:
            forest = ExtraTreesClassifier(**options).fit(x_NI[train_N], y_N[train_N])
            sure_NC = y_N[test_N, None] == forest.classes_
            shares_C = (y_N[train_N, None] == forest.classes_).mean(0)
            errors_N[test_N] = ((forest.predict_proba(x_NI[test_N]) - sure_NC) ** 2).sum(1)
            constant_N[test_N] = ((shares_C - sure_NC) ** 2).sum(1)
    return errors_N, constant_N


def _owners(prepared: Prepared) -> list[str]:
    """Return the column of the table behind each input; the component's own name where they are mixed."""
    plans = prepared.preparation.plans
    if prepared.preparation.projection is not None:
        named = list(prepared.preparation.input_names)
    else:
        named = [plan.name for plan in plans for _ in plan.input_names]
    return named + [plan.name for plan in plans if plan.embedded]
