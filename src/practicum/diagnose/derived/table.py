"""The kept rows as a plain table of numbers, whatever they are: columns, pixels, tokens of a text or of places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from practicum.checks.forests import Array, OutOfFold, forest_guesses, linear_guesses
from practicum.data.dataset import Task
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.facts import Facts

MOST_COLUMNS, MOST_ROWS = 3000, 1500
"""Wider inputs are no table; of so many rows at most one is made."""

MOST_TOKENS = 500
"""Kinds of token up to which tokens are counted, or stand for themselves."""

FEWEST = 40
"""Rows below which nothing is said."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as numbers.

    Attributes:
        x: of training, (N, I); of tokens with a target each, a row is a place with its neighbours.
        y: class numbers, or values, (N,).
        task: what is predicted.
        valid_x: of validation, or None.
        valid_y: likewise.
        is_plain: whether the columns of `x` are those of the inputs.
    """

    x: Array
    y: Array
    task: Task
    valid_x: Array | None
    valid_y: Array | None
    is_plain: bool


@kept
def table_of(facts: Facts) -> Table | None:
    """Return the table; None where there are too few rows, or inputs and targets are of no usual kind."""
    rows = rows_of(facts)
    if rows is None:
        return None
    train = _as_table(rows.x, rows.y)
    if train is None or len(train[1]) < FEWEST or len(np.unique(train[1])) < 2:
        return None
    valid = None
    if rows.valid_x is not None and rows.valid_y is not None and rows.valid_x.shape[1:] == rows.x.shape[1:]:
        valid = _as_table(rows.valid_x, rows.valid_y)
    x, y, classes = train
    task: Task = "regression" if not classes else "binary" if len(np.unique(y)) == 2 else "multiclass"
    if valid is not None and (len(valid[1]) == 0 or valid[0].shape[1] != x.shape[1]):
        valid = None
    plain = rows.x.ndim == 2 and rows.x.is_floating_point()
    return Table(
        x, y, task, None if valid is None else valid[0], None if valid is None else valid[1], is_plain=plain
    )


def _as_table(x: Tensor, y: Tensor) -> tuple[Array, Array, bool] | None:
    """Return inputs, targets, and whether these are classes."""
    if x.ndim == 2 and y.shape == x.shape and not x.is_floating_point() and not y.is_floating_point():
        return _places(x, y)
    target = _targets(y)
    if target is None or x.ndim < 1 or x[0].numel() > MOST_COLUMNS:
        return None
    rows = x.reshape(len(x), -1)
    if not x.is_floating_point() and x.ndim == 2 and int(x.min()) >= 0 and int(x.max()) < MOST_TOKENS:
        rows = torch.nn.functional.one_hot(x.long(), MOST_TOKENS).sum(1)
    values, (numbers, classes) = rows.double().numpy(), target
    finite = np.isfinite(values).all(1) & np.isfinite(numbers)
    return values[finite][:MOST_ROWS], numbers[finite][:MOST_ROWS], classes


def _targets(y: Tensor) -> tuple[Array, bool] | None:
    """Return one number a row, and whether it is that of a class; of several numbers a row the first."""
    flat = y.reshape(len(y), -1)
    if flat.shape[1] == 0:
        return None
    single = bool(((flat == 0) | (flat == 1)).all())
    if flat.shape[1] > 1 and single and bool((flat.sum(1) == 1).all()):
        return flat.argmax(1).double().numpy(), True
    values = flat[:, 0].double().numpy()
    if y.is_floating_point():
        return values, single and flat.shape[1] == 1
    return (values, True) if flat.shape[1] == 1 and len(np.unique(values)) <= MOST_TOKENS else None


def _places(x: Tensor, y: Tensor) -> tuple[Array, Array, bool]:
    """Return places with those before and after them as rows; places whose target is negative are left out."""
    padded = torch.nn.functional.pad(x, (1, 1))
    windows = torch.stack([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], 2).reshape(-1, 3)
    labels = y.reshape(-1)
    counted = labels >= 0
    windows, labels = windows[counted][:MOST_ROWS], labels[counted][:MOST_ROWS]
    if len(windows) and int(windows.max()) < MOST_TOKENS and int(windows.min()) >= 0:
        each = torch.nn.functional.one_hot(windows.long(), MOST_TOKENS)[:, :, :64].reshape(len(windows), -1)
        windows = torch.cat([windows, windows[:, 1:] - windows[:, :-1], each], 1)
    return windows.double().numpy(), labels.double().numpy(), True


@kept
def forest_of(facts: Facts) -> OutOfFold | None:
    """Return what a small forest says of each training row from others; None where there is no table."""
    table = table_of(facts)
    return None if table is None else forest_guesses(table.x, table.y, table.task)


@kept
def line_of(facts: Facts) -> OutOfFold | None:
    """Return likewise what ridge regression says; None of tables wider than they are long."""
    table = table_of(facts)
    if table is None or table.x.shape[1] > min(600, len(table.y) // 2):
        return None
    return linear_guesses(table.x, table.y, table.task)


def columns(facts: Facts) -> Array | None:
    """Return training inputs that are columns of numbers, not of another kind; None where they are something else."""
    table = table_of(facts)
    return table.x if table is not None and table.is_plain else None
