"""From what a user hands in to three prepared data sets: read, understand, split, fit on train, transform."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from practicum.core.errors import DataError
from practicum.data.columns import absent, understand
from practicum.data.dataset import Dataset
from practicum.data.dataset import Task as TaskName
from practicum.data.key import DataKey
from practicum.data.notes import check_present
from practicum.data.prepare import Preparation
from practicum.data.read import check_values, join_target, read
from practicum.data.schema import Schema
from practicum.data.split import Split, count_copies, rows_with_target, split_rows
from practicum.data.table import Table
from practicum.recipe import Recipe

MIN_PIXELS = 16
TEST_FRACTION = 0.2


@dataclass(frozen=True, slots=True)
class Loaded:
    """Tables as read.

    Attributes:
        table: to learn from.
        target: name of the target's column (a target file has been joined).
        test: to test on, or ``None``.
    """

    table: Table
    target: str
    test: Table | None

    @property
    def source(self) -> str:
        """Where the table came from."""
        return self.table.source

    @property
    def is_pixels(self) -> bool:
        """Whether the inputs are bytes of an image: all of one scale already."""
        types = [dtype for name, dtype in self.table.frame.schema.items() if name != self.target]
        return len(types) >= MIN_PIXELS and all(dtype == pl.UInt8 for dtype in types)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that training and reporting need to know of the data.

    Attributes:
        loaded: the tables as read.
        schema: what the columns are.
        preparation: how rows become inputs; fitted on train.
        split: which rows went where.
        train: to learn from.
        valid: to choose by.
        test: for one look at the end.
        notes: everything worth saying, one sentence each.
        key: names this preparation; without folds, whatever the recipe asks for.
    """

    loaded: Loaded
    schema: Schema
    preparation: Preparation
    split: Split
    train: Dataset
    valid: Dataset
    test: Dataset
    notes: tuple[str, ...]
    key: DataKey

    @property
    def valid_sizes(self) -> tuple[int, ...]:
        """Validation rows of each class, the second class last; of regression the number of rows alone."""
        num_rows = len(self.valid)
        if self.schema.task == "regression":
            return (num_rows,)
        counts = tuple(int(count) for count in self.valid.target.double().sum(0))
        return counts if self.schema.task == "multiclass" else (num_rows - counts[0], counts[0])


def load(data: Any, target: str, test: Any | None = None) -> Loaded:
    """Read ``data`` and, if given, ``test``.

    Args:
        data: path of a table, or a table in memory.
        target: a column's name, or a file that holds the target alone.
        test: like ``data``.

    Raises:
        DataError: if something cannot be read or holds infinite or huge numbers.
    """
    table, name = join_target(read(data), target)
    check_values(table)
    test_table = None
    if test is not None:
        test_table = read(test)
        check_values(test_table)
        if name not in test_table.frame.columns:
            raise absent("test", name, test_table.frame.columns)
    return Loaded(table, name, test_table)


def prepare(
    loaded: Loaded,
    *,
    task: TaskName | Literal["auto"] = "auto",
    recipe: Recipe,
    seed: int = 0,
    schema: Schema | None = None,
    group: str | None = None,
    time: str | None = None,
    test_fraction: float = TEST_FRACTION,
) -> Prepared:
    """Understand the columns, split the rows, fit the preparation on train and apply it to all three parts.

    Args:
        loaded: the tables.
        task: the task, if "auto" would get it wrong.
        recipe: its preparation settings are used [3.2-42].
        seed: of the split.
        schema: edited by a person; goes before what is found.
        group: rows with one value of this column stay in one part.
        time: train on the past, test on the future of this column.
        test_fraction: part of the table's rows to test on, where there is no table for that; 0 for none.

    Raises:
        DataError, ConfigError: if the table, the target or the test rows cannot be used.

    Source:
        Bengio 2012, 3-02 (three parts), 3.2-38..42 (fitted on train only).
    """
    table = loaded.table
    found = understand(table, loaded.target, task=task, edited=schema, group=group, time=time)
    frame = table.frame
    share = test_fraction if loaded.test is None else 0.0
    split = split_rows(frame, found.schema, seed=seed, test_fraction=share)
    key = DataKey.of(recipe).held_out()
    preparation = fitted(frame, found.schema, split, key)
    notes = [*table.notes, *found.notes, *split.notes, *preparation.notes]
    test_frame, split, said = _test_rows(loaded, found.schema, split)
    test_rows = split.test if loaded.test is None else None
    notes += said
    return Prepared(
        loaded=loaded,
        schema=found.schema,
        preparation=preparation,
        split=split,
        train=preparation.transform(frame, rows=split.train),
        valid=preparation.transform(frame, rows=split.valid),
        test=preparation.transform(test_frame, rows=test_rows, notes=notes if test_rows is None else None),
        notes=tuple(dict.fromkeys(notes)),
        key=key,
    )


def fitted(frame: pl.DataFrame, schema: Schema, split: Split, key: DataKey) -> Preparation:
    """Return the preparation that ``key`` names, fitted on the training rows of ``split``."""
    return Preparation.fit(
        frame,
        schema,
        rows=split.train,
        preprocess=key.preprocess,
        tails=key.tails,
        pca_variance=key.pca_variance,
        categories=key.categories,
    )


def _test_rows(loaded: Loaded, schema: Schema, split: Split) -> tuple[pl.DataFrame, Split, list[str]]:
    """Return the table to test on, the split that tells of them, and what to say."""
    frame = loaded.table.frame
    if loaded.test is None:
        return frame, split, []
    given = loaded.test.frame
    check_present([column.name for column in schema.inputs()], given.columns)
    rows = rows_with_target(given, schema)
    if len(rows) == 0:
        raise DataError(
            f"`test` must have rows with a target, but no row of {loaded.test.source} has a value in "
            f'"{schema.target}".',
            column=schema.target,
        )
    said = [*loaded.test.notes]
    if len(rows) < len(given):
        said.append(f"{len(given) - len(rows):,} rows of the test file have no target and are set aside.")
    given = given[rows]
    copies = count_copies(frame, given, schema)
    split = replace(split, duplicates_across=split.duplicates_across + copies)
    if copies:
        said.append(f"{copies:,} rows of the test file have an exact copy in the training file.")
    return given, split, said
