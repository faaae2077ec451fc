"""Facts about tables that are all for learning: no row is lost, none is tested on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from practicum.core.seeds import stream
from practicum.data.given import is_held_out, not_held_out, prepare_given, with_copies
from practicum.data.observations import Observations
from practicum.data.preparations import Preparations
from practicum.data.schema import Column, Schema
from practicum.recipe import Recipe

SCHEMA = Schema(
    task="binary",
    target="y",
    classes=["0", "1"],
    columns=[Column(name="x", kind="numeric"), Column(name="y", kind="categorical", role="target")],
)


def table(num_rows: int) -> pl.DataFrame:
    """Return rows of two classes, one in four of the second."""
    x = stream(0, "tests/given").normal(size=num_rows)
    return pl.DataFrame({"x": x, "y": np.where(np.arange(num_rows) % 4 == 0, "1", "0")})


def test_no_row_is_lost():
    """Every row teaches or chooses."""
    data = prepare_given(Observations(table(100)), SCHEMA, Recipe())

    assert np.sort(np.concatenate([data.split.train, data.split.valid])).tolist() == list(range(100))
    assert (len(data.train), len(data.valid), len(data.test)) == (80, 20, 0)
    assert is_held_out(data)


def test_few_rows_teach_and_choose():
    """Below ten rows nothing is held out."""
    data = prepare_given(Observations(table(9)), SCHEMA, Recipe())

    assert data.split.train.tolist() == data.split.valid.tolist() == list(range(9))
    assert not is_held_out(data)


def test_importance_weighs_what_is_learnt_and_what_chooses():
    """A class that counts three times as much has three times as many rows in both parts, and means follow."""
    frame = table(400)
    importance = np.where(frame["y"] == "1", 3.0, 1.0)
    data = prepare_given(Observations(frame, importance), SCHEMA, Recipe())
    copies = np.bincount(np.concatenate([data.split.train, data.split.valid]), minlength=400)

    assert data.train.target.mean().item() == pytest.approx(0.5, abs=0.01)
    assert data.valid.target.mean().item() == pytest.approx(0.5, abs=0.01)
    assert data.train.x.mean().item() == pytest.approx(0, abs=1e-6)
    np.testing.assert_array_equal(copies, data.split.copies)


def test_no_copy_of_a_row_crosses_the_split():
    """What teaches does not choose, however often it stands there; in folds too."""
    frame = table(200)
    importance = stream(1, "tests/given").uniform(0.1, 3, 200)
    data = prepare_given(Observations(frame, importance), SCHEMA, Recipe())
    folds = [Preparations(data).of(Recipe(num_folds=4, fold=fold)).split for fold in range(4)]

    for split in (data.split, *folds):
        assert not set(split.train.tolist()) & set(split.valid.tolist())
    assert len({(len(fold.train), len(fold.valid)) for fold in folds}) == 1
    assert len({row for fold in folds for row in fold.valid.tolist()}) > 170


def test_a_part_whose_rows_count_for_nothing_keeps_them():
    """There is always something to choose by."""
    split = with_copies(replace(not_held_out(4), valid=np.array([1, 3])), np.array([9, 0, 1, 0]))

    assert (split.train.tolist(), split.valid.tolist()) == ([0] * 9 + [2], [1, 3])
