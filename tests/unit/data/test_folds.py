"""Facts about folds: who validates when, and that all folds are equal in shape."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.errors import ConfigError
from practicum.data.folds import fold_splits
from practicum.data.schema import Column, Role, Schema
from practicum.data.split import split_rows


def schema(task: str = "binary", role: Role = "ignored") -> Schema:
    """Return the schema of :func:`table`."""
    columns = [Column(name="x", kind="numeric"), Column(name="shop", kind="numeric", role=role)]
    classes = {"binary": ["no", "yes"], "multiclass": ["a", "b", "c"]}.get(task)
    return Schema(task=task, target=task, classes=classes, columns=columns)


def table(num_rows: int = 103, num_shops: int = 20) -> pl.DataFrame:
    """Return rows with a target for each task; row i is of shop i mod ``num_shops``."""
    number = np.arange(num_rows)
    return pl.DataFrame(
        {
            "x": number * 0.5,
            "shop": number % num_shops,
            "binary": np.where(number % 4 == 0, "yes", "no"),
            "multiclass": np.array(["a", "b", "c"])[(number % 10 > 5) * 1 + (number % 10 > 8)],
            "regression": number * 1.5,
        }
    )


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@given(num_folds=st.integers(2, 12), num_rows=st.integers(40, 160), seed=st.integers(0, 3))
def test_folds_partition_the_rows(task, num_folds, num_rows, seed):
    """Each row validates once, fewer leftovers than folds never; what does not validate trains; test is never seen."""
    frame = table(num_rows)
    split = split_rows(frame, schema(task), seed=seed)
    folds = fold_splits(frame, schema(task), split, num_folds)
    rows = np.sort(np.concatenate([split.train, split.valid]))
    validated = np.concatenate([fold.valid for fold in folds])

    assert len(set(validated.tolist())) == len(validated) > len(rows) - num_folds
    assert len({(len(fold.train), len(fold.valid)) for fold in folds}) == 1
    for fold in folds:
        np.testing.assert_array_equal(np.sort(np.concatenate([fold.train, fold.valid])), rows)
        np.testing.assert_array_equal(fold.test, split.test)


def test_folds_are_stratified():
    """Each has its quarter of yes, up to a row."""
    frame = table(200)
    folds = fold_splits(frame, schema(), split_rows(frame, schema(), seed=0), 8)
    yes = [(frame["binary"].gather(fold.valid) == "yes").sum() for fold in folds]

    assert {*yes} == {5}


def test_the_split_decides_the_folds():
    """The same split gives the same folds, another seed others."""
    frame = table()

    def valid(seed):
        return fold_splits(frame, schema(), split_rows(frame, schema(), seed=seed), 5)[0].valid.tolist()

    assert valid(0) == valid(0)
    assert valid(0) != valid(1)


@pytest.mark.parametrize("num_shops", [7, 20, 50])
def test_no_group_is_on_both_sides_of_a_fold(num_shops):
    """Folds stay equal in numbers of rows, whatever the groups."""
    frame, grouped = table(200, num_shops), schema(role="group")
    folds = fold_splits(frame, grouped, split_rows(frame, grouped, seed=0), 4)

    assert len({(len(fold.train), len(fold.valid)) for fold in folds}) == 1
    for fold in folds:
        shops = frame["shop"].to_numpy()
        assert not {*shops[fold.train]} & {*shops[fold.valid]}
    assert len(np.unique(np.concatenate([fold.valid for fold in folds]))) == 4 * len(folds[0].valid)


def test_the_past_is_not_chosen_by_the_future():
    """A split by time has no folds."""
    frame, timed = table(), schema(role="time")

    with pytest.raises(ConfigError, match="`num_folds` must be null where rows are split by time"):
        fold_splits(frame, timed, split_rows(frame, timed, seed=0), 5)


@pytest.mark.parametrize(
    ("frame", "role", "num_folds", "message"),
    [
        (table(30), "ignored", 25, "but got num_folds=25 with 24 rows to train and validate on"),
        (table(60, 6), "group", 6, 'but got num_folds=6 with [45] groups of "shop"'),
        (
            table(100).with_columns(shop=pl.int_range(100).clip(lower_bound=70)),
            "group",
            2,
            'groups of "shop" so unequal that folds have',
        ),
    ],
)
def test_folds_that_the_data_do_not_give_are_refused(frame, role, num_folds, message):
    """More folds than rows or than groups, or one group that outweighs the others."""
    mine = schema(role=role)

    with pytest.raises(ConfigError, match=message):
        fold_splits(frame, mine, split_rows(frame, mine, seed=0), num_folds)
