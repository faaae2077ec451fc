"""Folds of k-fold cross-validation: the rows of train and valid dealt out anew, each fold validating once.

All folds of one number validate and train on equally many rows, so that they can be trained in one pack. The test
rows stay where they are: no fold ever sees them.
Source: Bengio 2012, 3-03 (small data are used in turn to learn and to choose).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.data.copies import repeated
from practicum.data.partition import folds_by_group, folds_by_stratum
from practicum.data.schema import Schema
from practicum.data.split import Rows, Split, groups_of, strata_of

MOST_UNEVEN = 2
"""Folds of groups may differ in size by this factor; the rows that exceed the smallest are not validated."""


def fold_splits(frame: pl.DataFrame, schema: Schema, split: Split, num_folds: int) -> tuple[Split, ...]:
    """Return the split of each fold: its rows validate, all others train.

    Stratified as the split itself is; by group, rows of one group stay in one fold. Leftovers, fewer than there are
    folds, always train. Where groups make folds of unequal sizes, each validates as many rows as the smallest has
    and trains on as many as the largest leaves, drawn at random.

    Args:
        frame: the whole table.
        schema: its columns.
        split: whose train and valid are dealt out, by its seed.
        num_folds: how many folds.

    Raises:
        ConfigError: if the split is by time, or there are too few rows or groups.

    Source:
        Bengio 2012, 3-03.

    Example:
        >>> from practicum.data.schema import Column
        >>> from practicum.data.split import split_rows
        >>> frame = pl.DataFrame({"x": range(100), "y": ["no", "yes"] * 50})
        >>> schema = Schema(task="binary", target="y", classes=["no", "yes"],
        ...                 columns=[Column(name="x", kind="numeric")])
        >>> folds = fold_splits(frame, schema, split_rows(frame, schema, seed=0), 5)
        >>> [(len(fold.train), len(fold.valid)) for fold in folds]
        [(64, 16), (64, 16), (64, 16), (64, 16), (64, 16)]
    """
    if split.method == "time":
        raise ConfigError(
            "`num_folds` must be null where rows are split by time, since the past must not be chosen by the "
            f"future, but got num_folds={num_folds}. Leave num_folds out.",
            num_folds=num_folds,
        )
    rows = np.unique(np.concatenate([split.train, split.valid]))
    fold_of_row = _dealt(frame, schema, split, rows, num_folds)
    parts = [rows[fold_of_row == fold] for fold in range(-1, num_folds)]  # the first: leftovers
    if split.copies is not None:
        parts = [repeated(part, split.copies) for part in parts]
    sizes = [part.size for part in parts[1:]]
    num_valid, num_train = min(sizes), sum(part.size for part in parts) - max(sizes)
    random = stream(split.seed, "folds/size")

    def some(mine: Rows, count: int) -> Rows:
        return mine if mine.size == count else np.sort(random.choice(mine, count, replace=False))

    return tuple(
        replace(
            split,
            train=some(np.sort(np.concatenate(parts[: 1 + fold] + parts[2 + fold :])), num_train),
            valid=some(parts[1 + fold], num_valid),
        )
        for fold in range(num_folds)
    )


def _dealt(frame: pl.DataFrame, schema: Schema, split: Split, rows: Rows, num_folds: int) -> Rows:
    """Return the fold of each of ``rows``, −1 for a leftover."""
    random = stream(split.seed, "folds")
    group = schema.with_role("group")
    if not group:
        fold_of_row = folds_by_stratum(
            strata_of(frame[schema.target].gather(rows), schema), num_folds, random
        )
        if fold_of_row.max() < 0:
            raise _too_many(num_folds, f"{rows.size} rows to train and validate on")
        return fold_of_row
    groups = groups_of(frame[group].gather(rows))
    if groups.max() + 1 < num_folds:
        raise _too_many(num_folds, f'{groups.max() + 1} groups of "{group}" to train and validate on')
    fold_of_row = folds_by_group(groups, num_folds, random)
    sizes = np.bincount(fold_of_row)
    if sizes.max() > MOST_UNEVEN * sizes.min():
        raise _too_many(
            num_folds, f'groups of "{group}" so unequal that folds have {sizes.min()} to {sizes.max()} rows'
        )
    return fold_of_row


def _too_many(num_folds: int, what: str) -> ConfigError:
    return ConfigError(
        f"`num_folds` must suit the data, but got num_folds={num_folds} with {what}. Use fewer folds.",
        num_folds=num_folds,
    )
