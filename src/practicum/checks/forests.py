"""How well targets can be predicted from inputs at all: small forests judge; they need no tuning and mind no scale.

Their skill is what they take off the squared error of always giving the same answer (for classes: the same
probabilities): 1 is perfect, 0 is nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.core.seeds import stream
from practicum.data.dataset import Task

Array = npt.NDArray[np.float64]

NUM_FOLDS = 3
NUM_TREES = 40
MIN_LEAF = 3

SHRUNK = 0.4
"""Penalty of a line, beside the variance of a standardised column: weak signals in many columns are found best so."""


@dataclass(frozen=True, slots=True)
class Skill:
    """The share of the constant's squared error that a model takes off on rows that it has not seen.

    Attributes:
        value: at most 1; 0 or less where nothing was learned.
        standard_error: over folds and rows; infinite if it cannot be told.
    """

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What was said of rows by models that had not seen them.

    Attributes:
        guess: probabilities of classes, or a number a row, (N, 1).
        constant: likewise, what is the same for all rows of the others' folds.
        truth: 1 for the row's class and 0 for others, or its value, (N, 1).
    """

    guess: Array
    constant: Array
    truth: Array

    @property
    def skill(self) -> Skill:
        """How much of the constant's squared error the guesses take off."""
        errors_N = ((self.guess - self.truth) ** 2).sum(1)
        constant_N = ((self.constant - self.truth) ** 2).sum(1)
        worst = float(constant_N.mean())
        if worst == 0 or len(errors_N) < 2:
            return Skill(0.0, math.inf)
        gain_N = (constant_N - errors_N) / worst
        return Skill(float(gain_N.mean()), float(gain_N.std(ddof=1)) / math.sqrt(len(gain_N)))


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
    return forest_guesses(x_NI, y_N, task, seed, num_blocks).skill


def folds_of(num_rows: int, seed: int, num_blocks: int | None = None) -> npt.NDArray[np.int64]:
    """Return the fold of each row; rows of a block of successive rows are in one fold."""
    blocks = num_blocks or num_rows
    block_N = np.arange(num_rows) * blocks // max(1, num_rows)
    return np.asarray(stream(seed, "checks/folds").permutation(blocks)[block_N] % NUM_FOLDS, np.int64)


def forest_guesses(
    x_NI: Array, y_N: Array, task: Task, seed: int = 0, num_blocks: int | None = None
) -> OutOfFold:
    """Return what a small forest says of each row, from rows of other folds; arguments are those of `skill`."""
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    options = {"n_estimators": NUM_TREES, "min_samples_leaf": MIN_LEAF, "random_state": seed}
    fold_N = folds_of(len(y_N), seed, num_blocks)
    classes = None if task == "regression" else np.unique(y_N)
    truth_NC = y_N[:, None] if classes is None else (y_N[:, None] == classes).astype(np.float64)
    guess_NC, constant_NC = np.zeros(truth_NC.shape), np.zeros(truth_NC.shape)
    for fold in range(min(NUM_FOLDS, num_blocks or len(y_N))):
        train_N, test_N = fold_N != fold, fold_N == fold
        constant_NC[test_N] = truth_NC[train_N].mean(0)
        if classes is None:
            regressor = ExtraTreesRegressor(**options).fit(x_NI[train_N], y_N[train_N])
            guess_NC[test_N, 0] = regressor.predict(x_NI[test_N])
        else:
            forest = ExtraTreesClassifier(**options).fit(x_NI[train_N], y_N[train_N])
            known = np.searchsorted(classes, forest.classes_)
            guess_NC[np.ix_(test_N, known)] = forest.predict_proba(x_NI[test_N])
    return OutOfFold(guess_NC, constant_NC, truth_NC)


def linear_guesses(x_NI: Array, y_N: Array, task: Task, seed: int = 0) -> OutOfFold:
    """Return what ridge regression (on 0 and 1 for classes) says of each row, from rows of other folds."""
    fold_N = folds_of(len(y_N), seed)
    truth_NC = y_N[:, None] if task == "regression" else (y_N[:, None] == np.unique(y_N)).astype(np.float64)
    guess_NC, constant_NC = np.zeros(truth_NC.shape), np.zeros(truth_NC.shape)
    spread = x_NI.std(0)
    z_NI = np.clip((x_NI - x_NI.mean(0)) / np.where(spread < 1e-12, 1.0, spread), -10, 10)
    for fold in range(min(NUM_FOLDS, len(y_N))):
        train_N, test_N = fold_N != fold, fold_N == fold
        centre, mean = z_NI[train_N].mean(0), truth_NC[train_N].mean(0)
        a_NI, b_NC = z_NI[train_N] - centre, truth_NC[train_N] - mean
        gram = a_NI.T @ a_NI + SHRUNK * len(a_NI) * np.eye(a_NI.shape[1])
        weights = np.linalg.solve(gram, a_NI.T @ b_NC)
        guess_NC[test_N], constant_NC[test_N] = (z_NI[test_N] - centre) @ weights + mean, mean
    return OutOfFold(guess_NC, constant_NC, truth_NC)


def told_apart(one_NI: Array, other_MI: Array) -> float:
    """Return the area under the curve of a forest that tells rows of two sets apart, by cross-validation.

    Example:
        >>> told_apart(np.zeros((30, 1)), np.ones((30, 1)))
        1.0
    """
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    x_NI = np.concatenate([one_NI, other_MI])
    from_other_N = np.repeat([0, 1], [len(one_NI), len(other_MI)])
    forest = ExtraTreesClassifier(n_estimators=NUM_TREES, min_samples_leaf=MIN_LEAF, random_state=0)
    folds = StratifiedKFold(NUM_FOLDS, shuffle=True, random_state=0)
    likely_N2 = cross_val_predict(forest, x_NI, from_other_N, cv=folds, method="predict_proba")
    return float(roc_auc_score(from_other_N, likely_N2[:, 1]))
