"""The split into train, valid and test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import ConfigError, DataError
from practicum.data.columns import understand
from practicum.data.read import read
from practicum.data.schema import Column, Role, Schema
from practicum.data.split import Split, count_copies, rows_with_target, split_rows
from practicum.data.table import Table

RANDOM = np.random.default_rng(0)


def schema(role: Role = "ignored", *, task: str = "binary", kind: str = "numeric") -> Schema:
    """Return the schema of a table with inputs x, y and a column g of some role."""
    columns = [
        Column(name="x", kind="numeric"),
        Column.model_validate({"name": "g", "kind": kind, "role": role}),
    ]
    classes = None if task == "regression" else ["a", "b"]
    return Schema.model_validate({"task": task, "target": "y", "classes": classes, "columns": columns})


def table(rows: int = 200, **columns: object) -> pl.DataFrame:
    """Return a table of ``rows`` rows."""
    values = {"x": RANDOM.standard_normal(rows), "g": np.arange(rows), "y": RANDOM.choice(["a", "b"], rows)}
    return pl.DataFrame(values | columns)


def sizes(split: Split) -> tuple[int, int, int]:
    """Return how many rows each part has."""
    return len(split.train), len(split.valid), len(split.test)


def test_classes_have_the_same_share_in_each_part() -> None:
    """A rare class is 10 % of each part."""
    frame = table(1000, y=RANDOM.permutation(np.repeat(["a", "b"], [900, 100])))
    split = split_rows(frame, schema(), seed=0)
    shares = [(frame["y"].gather(rows) == "b").mean() for rows in (split.train, split.valid, split.test)]

    assert sizes(split) == (600, 200, 200)
    assert split.method == "stratified"
    assert shares == [0.1, 0.1, 0.1]


def test_regression_targets_have_the_same_spread_in_each_part() -> None:
    """Each part has a tenth of its rows in each tenth of the target."""
    values = np.exp(2 * RANDOM.standard_normal(1000))
    split = split_rows(table(1000, y=values), schema(task="regression"), seed=0)
    ranks = values.argsort().argsort()

    assert np.bincount(ranks[split.valid] // 100).tolist() == [20] * 10
    assert np.bincount(ranks[split.test] // 100).tolist() == [20] * 10


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_ten_rows_are_enough(task: str) -> None:
    """Six train, two validate, two test."""
    target = ["a", "b"] * 5 if task == "binary" else np.arange(10.0)

    assert sizes(split_rows(table(10, y=target), schema(task=task), seed=0)) == (6, 2, 2)


def test_nine_rows_are_not() -> None:
    """The limit is said."""
    with pytest.raises(DataError, match=r"at least 10 usable rows, but got 9"):
        split_rows(table(9, y=list("ababababa")), schema(), seed=0)


def test_large_tables_validate_and_test_on_no_more_than_the_maximum() -> None:
    """What is above goes to training."""
    assert sizes(split_rows(table(1000), schema(), seed=0, max_valid=50, max_test=70)) == (880, 50, 70)


def test_a_given_test_file_leaves_two_parts() -> None:
    """No row is set aside for the test."""
    assert sizes(split_rows(table(), schema(), seed=0, test_fraction=0)) == (160, 40, 0)


def test_rows_without_a_target_are_in_no_part() -> None:
    """They are counted."""
    target = pl.Series(["a", None, "b", "?"] * 50)
    frame = table(y=target)
    split = split_rows(frame, schema(), seed=0)
    used = np.concatenate([split.train, split.valid, split.test])

    assert split.without_target == 100
    assert (np.sort(used) % 2 == 0).all()
    assert rows_with_target(frame, schema()).tolist() == np.sort(used).tolist()


@pytest.mark.parametrize("groups", [RANDOM.integers(0, 40, 200), RANDOM.choice(list("pqrstuvw"), 200)])
def test_no_group_crosses_parts(groups: np.ndarray) -> None:
    """Numbers and names group alike."""
    split = split_rows(table(g=groups), schema("group"), seed=0)
    found = [set(groups[rows]) for rows in (split.train, split.valid, split.test)]

    assert split.method == "group"
    assert sum(map(len, found)) == len(set().union(*found))
    assert all(found)


def test_rows_without_a_group_stay_together() -> None:
    """They may belong to the same unknown one."""
    groups = pl.Series([None] * 20 + list("pqrst") * 36)
    split = split_rows(table(g=groups), schema("group", kind="categorical"), seed=0)
    parts = [
        number for number, rows in enumerate((split.train, split.valid, split.test)) if (rows < 20).any()
    ]

    assert len(parts) == 1


def test_time_goes_forward() -> None:
    """Train lies before valid, valid before test, and equal times stay together."""
    times = RANDOM.integers(0, 30, 200)
    split = split_rows(table(g=times), schema("time"), seed=0)

    assert split.method == "time"
    assert times[split.train].max() < times[split.valid].min()
    assert times[split.valid].max() < times[split.test].min()


def test_time_may_be_written_as_text() -> None:
    """Dates are compared as dates, not letter by letter."""
    days = [f"{day}.{month}.2011" for month in range(1, 11) for day in range(1, 21)]
    kinds = schema("time", kind="datetime")
    split = split_rows(table(g=days), kinds, seed=0)

    assert split.test.tolist() == list(range(160, 200))


def test_rows_without_a_time_are_set_aside() -> None:
    """They could lie in the future."""
    times = pl.Series([None] * 10 + list(range(190)))
    split = split_rows(table(g=times), schema("time"), seed=0)

    assert split.notes == ('10 rows have no "g" and are set aside.',)
    assert split.without_target == 10
    assert min(split.train) >= 10


def test_a_class_that_no_row_trains_is_said() -> None:
    """By time, a class may come too late."""
    split = split_rows(table(y=["a"] * 190 + ["b"] * 10), schema("time"), seed=0)

    assert 'No train row has the class b of "y".' in split.notes


def test_copies_across_parts_are_counted() -> None:
    """100 rows twice: each pair that lies in two parts counts once."""
    half = table(100)
    frame = pl.concat([half, half])
    split = split_rows(frame, schema(), seed=0)
    part = np.empty(200, dtype=int)
    for number, rows in enumerate((split.train, split.valid, split.test)):
        part[rows] = number

    assert split.duplicates_across == (part[:100] != part[100:]).sum() > 0


def test_rows_that_differ_in_the_target_are_no_copies() -> None:
    """Equal inputs with other labels are noise, not a leak."""
    frame = pl.DataFrame({"x": [1.0, 1.0] * 10, "g": range(20), "y": ["a", "b"] * 10})
    other = frame.with_columns(y=pl.lit("b"))

    assert count_copies(frame[:1], other, schema()) == 0
    assert count_copies(frame, other, schema()) == 20


def test_copies_are_found_across_files_of_other_types() -> None:
    """Integers against floats, stray spaces and a trailing dot do not hide a copy."""
    frame = pl.DataFrame({"x": [1, 2], "y": ["a", "b"]})
    other = pl.DataFrame({"x": [2.0, 3.0], "y": [" b.", "a."]})

    assert count_copies(frame, other, schema()) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"valid_fraction": 0}, "`valid_fraction` must be a fraction"),
        ({"test_fraction": 1.0}, "`test_fraction` must be a fraction"),
        ({"valid_fraction": 0.5, "test_fraction": 0.5}, "must leave rows to train on"),
    ],
)
def test_impossible_fractions_are_refused(settings: dict[str, float], message: str) -> None:
    """The broken condition is stated."""
    with pytest.raises(ConfigError, match=message):
        split_rows(table(), schema(), seed=0, **settings)  # type: ignore[arg-type]


def test_group_and_time_exclude_each_other() -> None:
    """One of them must go."""
    both = schema("group").model_copy(
        update={"columns": [*schema("group").columns, Column(name="x", kind="numeric", role="time")]}
    )

    with pytest.raises(ConfigError, match=r"by group or by time, but got both"):
        split_rows(table(), both, seed=0)


def test_too_few_groups_or_times_are_said() -> None:
    """Three parts need three groups, and more than one moment."""
    with pytest.raises(DataError, match=r"`g` must have at least 3 groups.*but got 2"):
        split_rows(table(g=[0, 1] * 100), schema("group"), seed=0)
    with pytest.raises(DataError, match=r"`g` must have enough different times"):
        split_rows(table(g=[0] * 199 + [1]), schema("time"), seed=0)


def test_adult_has_few_copies(shared_data: Path) -> None:
    """The official files have known duplicates; those across parts are found, also across files."""
    train = read(shared_data / "tabular" / "adult_train.csv.gz")
    found = understand(Table(train.frame, "adult", ()), "income").schema
    split = split_rows(train.frame, found, seed=0)
    test = read(shared_data / "tabular" / "adult_test.csv.gz").frame

    assert 0 < split.duplicates_across <= 24
    assert 0 < count_copies(train.frame, test, found) < 100
