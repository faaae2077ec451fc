"""The outer folds of nested cross-validation: every row tests once, and learns and chooses in all other folds.

Unlike the folds of a search these need not be equally large, so no row is left out of the test.
Source: Bengio 2012, 3-03 (double cross-validation: the outer loop estimates, the inner one selects).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.data.partition import folds_by_group, folds_by_stratum
from practicum.data.schema import Schema
from practicum.data.split import Rows, count_copies, groups_of, rows_with_target, strata_of
from practicum.data.target import MIN_ROWS


@dataclass(frozen=True, slots=True)
class OuterSplit:
    """Rows of one outer fold.

    Attributes:
        known: numbers of the rows to learn and choose with, ascending.
        test: numbers of the rows to test on, ascending.
    """

    known: Rows
    test: Rows


def outer_splits(frame: pl.DataFrame, schema: Schema, num_folds: int, seed: int) -> tuple[OuterSplit, ...]:
    """Return the outer folds of a table, stratified, or by group if a column has that role.

    Args:
        frame: the whole table.
        schema: its columns.
        num_folds: how many folds.
        seed: decides who tests when.

    Raises:
        ConfigError: if the rows are split by time, or there are too few rows or groups.

    Source:
        Bengio 2012, 3-03.

    Example:
        >>> from practicum.data.schema import Column
        >>> frame = pl.DataFrame({"x": range(32), "y": ["no", "yes"] * 16})
        >>> schema = Schema(task="binary", target="y", classes=["no", "yes"],
        ...                 columns=[Column(name="x", kind="numeric")])
        >>> [(len(fold.known), len(fold.test)) for fold in outer_splits(frame, schema, 3, seed=0)]
        [(21, 11), (21, 11), (22, 10)]
    """
    if schema.with_role("time"):
        raise ConfigError(
            f"`nested` must be left out where rows are split by time, since the past must not be judged by networks "
            f"that know the future, but got nested={num_folds}. The latest rows are tested on without it.",
            nested=num_folds,
        )
    rows = rows_with_target(frame, schema)
    fold = _dealt(frame, schema, rows, num_folds, seed)
    if rows.size - np.bincount(fold[fold >= 0], minlength=1).max() < MIN_ROWS:
        raise _too_many(
            num_folds, f"{rows.size} rows, of which each fold must leave {MIN_ROWS} to learn from"
        )
    return tuple(OuterSplit(rows[fold != k], rows[fold == k]) for k in range(num_folds))


def count_outer_copies(frame: pl.DataFrame, schema: Schema, splits: tuple[OuterSplit, ...]) -> int:
    """Return how many rows have an exact copy (inputs and target) among the rows that their fold's networks know."""
    return sum(count_copies(frame[split.known], frame[split.test], schema) for split in splits)


def _dealt(frame: pl.DataFrame, schema: Schema, rows: Rows, num_folds: int, seed: int) -> Rows:
    """Return the fold of each row; −1 for the only row of a class, which nobody could predict without it."""
    random = stream(seed, "outer folds")
    group = schema.with_role("group")
    if group:
        groups = groups_of(frame[group].gather(rows))
        if groups.max() + 1 < num_folds:
            raise _too_many(num_folds, f'{groups.max() + 1} groups of "{group}"')
        return folds_by_group(groups, num_folds, random)
    if rows.size < num_folds:
        raise _too_many(num_folds, f"{rows.size} rows")
    strata = strata_of(frame[schema.target].gather(rows), schema)
    fold = folds_by_stratum(strata, num_folds, random)
    left = np.flatnonzero((fold < 0) & (np.bincount(strata)[strata] > 1))
    fold[left] = np.arange(left.size)
    return fold


def _too_many(num_folds: int, what: str) -> ConfigError:
    return ConfigError(
        f"`nested` must suit the data, but got nested={num_folds} with {what}. Use fewer folds.",
        nested=num_folds,
    )
