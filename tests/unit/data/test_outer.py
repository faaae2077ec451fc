"""Facts about the outer folds of nested cross-validation."""

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import ConfigError
from practicum.data.outer import count_outer_copies, outer_splits
from practicum.data.schema import Column, Schema

X = Column(name="x", kind="numeric")


def frame(num_rows: int = 50) -> pl.DataFrame:
    """Return rows of two classes, one of them rarer, in groups of five."""
    labels = ["no" if k % 5 else "yes" for k in range(num_rows)]
    return pl.DataFrame({"x": range(num_rows), "g": [k // 5 for k in range(num_rows)], "y": labels})


def schema(role: str | None = None) -> Schema:
    """Return the columns; "g" has ``role``."""
    other = [] if role is None else [Column(name="g", kind="numeric", role=role)]
    return Schema(task="binary", target="y", classes=["no", "yes"], columns=[X, *other])


@pytest.mark.parametrize("role", [None, "group"])
@pytest.mark.parametrize("num_folds", [2, 3, 7])
def test_every_row_tests_once(role, num_folds):
    """Also where rows cannot be dealt out evenly; what a fold does not test, it knows."""
    splits = outer_splits(frame(), schema(role), num_folds, seed=0)

    assert np.sort(np.concatenate([split.test for split in splits])).tolist() == list(range(50))
    assert all(
        np.sort(np.concatenate([split.known, split.test])).tolist() == list(range(50)) for split in splits
    )


def test_each_fold_has_its_share_of_the_rare_class():
    """Ten rows of the rare class, two in each of five folds."""
    rare = frame()["y"].to_numpy() == "yes"

    assert [rare[split.test].sum() for split in outer_splits(frame(), schema(), 5, seed=3)] == [2] * 5


def test_a_group_is_in_one_fold():
    """No fold knows a row of a group that it tests."""
    groups = frame()["g"].to_numpy()

    for split in outer_splits(frame(), schema("group"), 4, seed=0):
        assert not set(groups[split.known]) & set(groups[split.test])


def test_rows_without_a_target_are_in_no_fold():
    """They can neither teach nor test."""
    rows = frame().with_columns(y=pl.when(pl.col("x") < 10).then(None).otherwise(pl.col("y")))

    assert min(min(split.known.min(), split.test.min()) for split in outer_splits(rows, schema(), 3, 0)) == 10


def test_the_only_row_of_a_class_tests_nowhere():
    """Whoever is tested on it could not know its class."""
    rows = frame().with_columns(y=pl.when(pl.col("x") == 7).then(pl.lit("ah")).otherwise(pl.col("y")))
    three = Schema(task="multiclass", target="y", classes=["ah", "no", "yes"], columns=[X])

    for split in outer_splits(rows, three, 3, seed=0):
        assert 7 in split.known
        assert 7 not in split.test


def test_the_seed_decides():
    """The same folds with the same seed, others with another."""
    first, again, other = (outer_splits(frame(), schema(), 3, seed)[0].test.tolist() for seed in (0, 0, 1))

    assert first == again
    assert first != other


def test_copies_across_folds_are_counted():
    """Every row stands twice, mostly in different folds."""
    rows = pl.concat([frame(20), frame(20)])
    splits = outer_splits(rows, schema(), 4, seed=0)

    assert 10 < count_outer_copies(rows, schema(), splits) <= 40
    assert count_outer_copies(frame(), schema(), outer_splits(frame(), schema(), 4, seed=0)) == 0


@pytest.mark.parametrize(
    ("rows", "role", "num_folds", "message"),
    [
        (frame(), "time", 3, "`nested` must be left out where rows are split by time"),
        (frame(), "group", 11, r'nested=11 with 10 groups of "g"'),
        (frame(4), None, 5, "nested=5 with 4 rows"),
        (frame(12), None, 2, "nested=2 with 12 rows, of which each fold must leave 10"),
    ],
)
def test_rows_that_cannot_be_dealt_out_are_refused(rows, role, num_folds, message):
    """With what is there, and a way out."""
    with pytest.raises(ConfigError, match=message):
        outer_splits(rows, schema(role), num_folds, seed=0)
