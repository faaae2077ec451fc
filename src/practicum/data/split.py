"""Split rows into train, valid and test: stratified, by group or by time, seeded.

Train is for learning, valid for choosing, test for one honest look at the end. A fifth each for valid and test is
the usual share; more than the maxima below would take rows from training and sharpen no decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from practicum.core.errors import ConfigError, DataError
from practicum.core.seeds import stream
from practicum.data import dates
from practicum.data.numeric import read_numbers
from practicum.data.partition import by_group, by_stratum
from practicum.data.schema import Schema
from practicum.data.target import MIN_ROWS, encode_labels, has_target, read_target
from practicum.data.text import clean, is_textual, level_text

Rows = NDArray[np.int64]
Method = Literal["stratified", "group", "time"]

MAX_VALID_ROWS = 20_000  # the error of a fraction is then at most 0.35 % (one standard deviation)
MAX_TEST_ROWS = 50_000  # 0.22 %
NUM_TARGET_BINS = 10  # regression: each part gets the same share of each tenth of the target
MIN_ROWS_A_BIN = 5  # so that a fifth of a bin is a row


@dataclass(frozen=True, slots=True)
class Split:
    """Numbers of the rows of each part, ascending; no row is in two.

    Attributes:
        train: rows to learn from, shape (N_train,).
        valid: rows to choose by, shape (N_valid,).
        test: rows for the last look, shape (N_test,); empty if a test file is given.
        method: how rows were drawn.
        notes: one sentence each.
        duplicates_across: rows of valid and test that have an exact copy (inputs and target) in an earlier part.
        without_target: rows set aside since they have no target, or no time in a split by time.
        seed: that decided who went where.
        copies: how often each row of the table stands in its part, by its importance; None: once.
    """

    train: Rows
    valid: Rows
    test: Rows
    method: Method
    notes: tuple[str, ...] = ()
    duplicates_across: int = 0
    without_target: int = 0
    seed: int = 0
    copies: Rows | None = None


def split_rows(
    frame: pl.DataFrame,
    schema: Schema,
    *,
    seed: int,
    valid_fraction: float = 0.2,
    test_fraction: float = 0.2,
    max_valid: int = MAX_VALID_ROWS,
    max_test: int = MAX_TEST_ROWS,
) -> Split:
    """Return which rows train, which validate and which test.

    By group or by time if a column of the schema has that role. Otherwise stratified: each class (regression:
    each tenth of the target) has the same share in each part, each class has rows in train, and each class of
    three rows or more has rows in every part.

    Args:
        frame: the whole table.
        schema: its columns, the target among them.
        seed: of the stream "split".
        valid_fraction: part of the usable rows that validates.
        test_fraction: part that tests; 0 where a test file is given.
        max_valid: at most so many rows validate.
        max_test: at most so many rows test.

    Raises:
        ConfigError: if the fractions leave nothing to train on.
        DataError: if there are too few rows, groups or times.

    Source:
        Bengio 2012, 3.1-09, 3.3 (valid chooses, test is looked at once).

    Example:
        >>> from practicum.data.schema import Column
        >>> frame = pl.DataFrame({"x": range(100), "y": ["no", "yes"] * 50})
        >>> schema = Schema(task="binary", target="y", classes=["no", "yes"],
        ...                 columns=[Column(name="x", kind="numeric")])
        >>> split = split_rows(frame, schema, seed=0)
        >>> len(split.train), len(split.valid), len(split.test)
        (60, 20, 20)
    """
    _check_fractions(valid_fraction, test_fraction)
    usable = rows_with_target(frame, schema)
    group, time = schema.with_role("group"), schema.with_role("time")
    if group and time:
        raise ConfigError(
            f'Rows must be split by group or by time, but got both (group="{group}", time="{time}").'
            " Leave one out."
        )
    notes: list[str] = []
    when = None
    if time:
        when = _times(frame[time], schema)[usable]
        if np.isnan(when).any():
            notes.append(f'{int(np.isnan(when).sum()):,} rows have no "{time}" and are set aside.')
            usable, when = usable[~np.isnan(when)], when[~np.isnan(when)]
    if usable.size < MIN_ROWS:
        raise DataError(
            f"The table must have at least {MIN_ROWS} usable rows, but got {usable.size}. Collect more rows.",
            rows=int(usable.size),
        )
    num_valid = _share(usable.size, valid_fraction, max_valid)
    num_test = _share(usable.size, test_fraction, max_test)
    target = frame[schema.target].gather(usable)
    method: Method = "group" if group else "time" if time else "stratified"
    if when is not None:
        part = _by_time(when, num_valid, num_test, str(time))
    elif group:
        part = _grouped(frame[group].gather(usable), num_valid, num_test, seed)
    else:
        part = by_stratum(strata_of(target, schema), num_valid, num_test, stream(seed, "split"))
    notes += _class_notes(target, schema, part)
    train, valid, test = (usable[part == number] for number in range(3))
    copies = _duplicates(frame, schema, train, valid, test)
    return Split(train, valid, test, method, tuple(notes), copies, len(frame) - usable.size, seed)


def rows_with_target(frame: pl.DataFrame, schema: Schema) -> Rows:
    """Return the numbers of the rows that have a target, shape (N,)."""
    return np.flatnonzero(has_target(frame[schema.target]).to_numpy()).astype(np.int64)


def count_copies(frame: pl.DataFrame, other: pl.DataFrame, schema: Schema) -> int:
    """Return how many rows of ``other`` have an exact copy (inputs and target) in ``frame``.

    For a test file: a copied row is one that training has already seen.
    """
    hashes = []
    for table in (frame, other):
        usable = rows_with_target(table, schema)
        columns = [_comparable(table[column.name]) for column in schema.inputs()]
        inputs = pl.DataFrame([column.gather(usable) for column in columns])
        target = table[schema.target].gather(usable)
        values = encode_labels(target, schema.classes) if schema.classes else read_target(target)
        hashes.append(inputs.with_columns(pl.Series(schema.target, values)).hash_rows(seed=0))
    return _num_found(hashes[1], hashes[0])


def _comparable(series: pl.Series) -> pl.Series:
    """Return a column in a type that does not depend on the file it came from."""
    if is_textual(series.dtype):
        return clean(series)
    return series.cast(pl.Float64) if series.dtype.is_numeric() else series


def _duplicates(frame: pl.DataFrame, schema: Schema, *parts: Rows) -> int:
    names = [column.name for column in schema.inputs()]
    hashes = frame.select(*names, schema.target).hash_rows(seed=0)
    train, valid, test = (hashes.gather(rows) for rows in parts)
    return _num_found(valid, train) + _num_found(test, pl.concat([train, valid]))


def _num_found(hashes: pl.Series, among: pl.Series) -> int:
    return int(hashes.is_in(among.implode()).sum())


def _check_fractions(valid: float, test: float) -> None:
    for name, value in (("valid_fraction", valid), ("test_fraction", test)):
        lowest = "0 <" if name == "valid_fraction" else "0 <="
        if not (0 < value < 1 or (value == 0 and name == "test_fraction")):
            raise ConfigError(
                f"`{name}` must be a fraction ({lowest} {name} < 1), but got {name}={value}. Use 0.2.",
                **{name: value},
            )
    if valid + test >= 1:
        raise ConfigError(
            "`valid_fraction` and `test_fraction` must leave rows to train on (sum < 1), but got"
            f" valid_fraction={valid} and test_fraction={test}. Use 0.2 and 0.2.",
            valid_fraction=valid,
            test_fraction=test,
        )


def _share(rows: int, fraction: float, most: int) -> int:
    """Return how many rows a part gets: at least one if it is wanted at all."""
    return min(most, max(1, round(rows * fraction))) if fraction > 0 else 0


def strata_of(target: pl.Series, schema: Schema) -> Rows:
    """Return the class of each row, or the tenth of the target in which it lies, shape (N,)."""
    if schema.classes is not None:
        return encode_labels(target, schema.classes)
    order = np.argsort(read_target(target), kind="stable")
    bins = np.empty(len(target), dtype=np.int64)
    num_bins = min(NUM_TARGET_BINS, len(target) // MIN_ROWS_A_BIN)
    bins[order] = np.arange(len(target)) * num_bins // len(target)
    return bins


def groups_of(series: pl.Series) -> Rows:
    """Return the number of each row's group, from 0; rows without a group are one group, shape (N,)."""
    text = series if series.dtype.is_integer() else level_text(series)
    ranks = text.rank("dense").fill_null(0).to_numpy().astype(np.int64)
    groups: Rows = np.unique(ranks, return_inverse=True)[1]
    return groups


def _grouped(series: pl.Series, num_valid: int, num_test: int, seed: int) -> Rows:
    """Return the part of each row, rows of one group together."""
    groups = groups_of(series)
    wanted = 3 if num_test else 2
    if groups.max() + 1 < wanted:
        raise DataError(
            f"`{series.name}` must have at least {wanted} groups, one for each part, but got"
            f" {groups.max() + 1}. Choose another group column.",
            column=series.name,
        )
    return by_group(groups, num_valid, num_test, stream(seed, "split"))


def _times(series: pl.Series, schema: Schema) -> NDArray[np.float64]:
    """Return times as numbers, NaN where missing."""
    column = schema.column(series.name)
    is_date = dates.is_moment(series.dtype) or (
        is_textual(series.dtype) and column is not None and column.kind == "datetime"
    )
    if is_date:
        moments = dates.to_moments(series, column.format if column else None)
        return moments.to_physical().cast(pl.Float64).to_numpy()
    return read_numbers(series)


def _by_time(when: NDArray[np.float64], num_valid: int, num_test: int, name: str) -> Rows:
    """Return the part of each row, the last rows testing; rows of one moment stay together."""
    ordered = np.sort(when)
    num_train = when.size - num_valid - num_test
    first_valid = ordered[num_train]
    first_test = ordered[when.size - num_test] if num_test else np.inf
    part: Rows = (when >= first_valid).astype(np.int64) + (when >= first_test)
    sizes = np.bincount(part, minlength=3)
    if not sizes[0] or not sizes[1] or (num_test and not sizes[2]):
        raise DataError(
            f"`{name}` must have enough different times to split by, but most rows share one. Choose another"
            " time column.",
            column=name,
        )
    return part


def _class_notes(target: pl.Series, schema: Schema, part: Rows) -> list[str]:
    """Say which classes a part misses (only a split by group or time, or a class of two rows, can)."""
    if schema.classes is None:
        return []
    codes = encode_labels(target, schema.classes)
    notes = []
    for number, name in enumerate(("train", "valid", "test")):
        present = np.bincount(codes[part == number], minlength=len(schema.classes)) > 0
        absent = [label for label, there in zip(schema.classes, present, strict=True) if not there]
        if absent and present.any():
            notes.append(f'No {name} row has the class {", ".join(absent[:5])} of "{schema.target}".')
    return notes
