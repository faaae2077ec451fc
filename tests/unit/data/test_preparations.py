"""Facts about several preparations and folds of one table."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import torch
from tests.made_outcomes import SMALL, TASKS, learnable, prepared, table

from practicum.core.errors import ConfigError
from practicum.data.pipeline import load, prepare
from practicum.data.preparations import Preparations

FOLD = SMALL.changed(num_folds=5, fold=2)


def test_what_is_prepared_already_is_not_prepared_again():
    """A recipe of the same settings, whatever else it says, gets the very rows; another preparation is kept too."""
    data = prepared("binary")
    many = Preparations(data)

    assert many.of(SMALL.changed(seed=3, bagging=True)).train is data.train
    assert many.preparation(SMALL) is data.preparation
    assert many.of(SMALL.changed(tails="log")) is many.of(SMALL.changed(tails="log"))


@pytest.mark.parametrize("task", TASKS)
def test_another_preparation_is_the_one_of_a_run_of_its_own(task):
    """Same split, same bits as if the table had been prepared that way at once, test rows included."""
    other = SMALL.changed(preprocess="uniformise", tails="sqrt", categories="embedding")
    many, alone = Preparations(prepared(task)), prepared(task, recipe=other)

    for name in ("train", "valid"):
        for part in ("x", "codes", "target"):
            assert torch.equal(
                getattr(getattr(many.of(other), name), part), getattr(getattr(alone, name), part)
            )
    assert torch.equal(many.test(other).x, alone.test.x)


def test_a_fold_is_made_of_the_rows_that_it_says():
    """Train and valid together are those of the split held out."""
    many = Preparations(prepared("binary"))
    fold, held_out = many.of(FOLD), many.of(SMALL)

    assert (len(fold.train), len(fold.valid)) == (len(fold.split.train), len(fold.split.valid)) == (96, 24)
    assert len(fold.train) + len(fold.valid) == len(held_out.train) + len(held_out.valid)
    assert fold.preparation is many.preparation(FOLD)
    assert fold.preparation.notes == held_out.preparation.notes


@pytest.mark.parametrize("task", TASKS)
def test_the_validation_rows_of_a_fold_change_no_bit_of_its_preparation(task):
    """Not their inputs, not their targets: whatever is fitted is fitted on the fold's training rows."""
    frame = table(task)
    fold = Preparations(prepare(load(frame, task), recipe=SMALL)).of(FOLD)
    mine = pl.Series(np.isin(np.arange(len(frame)), fold.split.valid))
    target = pl.col(task) * 1.0 if task == "regression" else pl.col(task)
    changed = frame.with_columns(
        pl.when(mine).then(pl.col("size") * 100).otherwise(pl.col("size")).alias("size"),
        pl.when(mine).then(pl.lit("moon")).otherwise(pl.col("shop")).alias("shop"),
        target.alias(task),
    )
    again = Preparations(prepare(load(changed, task), recipe=SMALL, schema=fold.preparation.schema)).of(FOLD)

    assert again.split.train.tolist() == fold.split.train.tolist()
    assert torch.equal(again.train.x, fold.train.x)
    assert torch.equal(again.train.target, fold.train.target)
    assert not torch.equal(again.valid.x, fold.valid.x)


def test_targets_are_standardised_by_the_folds_training_rows():
    """Each fold has its own mean and deviation."""
    many = Preparations(prepared("regression"))
    for fold in range(5):
        target = many.of(FOLD.changed(fold=fold)).train.target.double()

        assert float(target.mean()) == pytest.approx(0, abs=1e-6)
        assert float(target.std(correction=0)) == pytest.approx(1, abs=1e-6)
    assert len({many.preparation(FOLD.changed(fold=fold)).target_mean for fold in range(5)}) == 5


def test_a_test_file_is_prepared_in_each_way():
    """Its rows without a target are left out, as ever."""
    others = table("binary", 30, seed=1).with_columns(
        binary=pl.when(pl.int_range(30) < 5).then(None).otherwise(pl.col("binary"))
    )
    data = prepare(
        load(learnable().select("size", "width", "shop", "binary"), "binary", others), recipe=SMALL
    )
    many = Preparations(data)

    assert many.test(SMALL) is data.test
    assert len(many.test(SMALL.changed(preprocess="unit"))) == len(data.test) == 25


def test_folds_that_cannot_be_made_are_refused():
    """When a recipe asks for them."""
    with pytest.raises(ConfigError, match="`num_folds` must suit the data, but got num_folds=121"):
        Preparations(prepared("binary")).of(SMALL.changed(num_folds=121))
