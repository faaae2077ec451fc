"""Facts about the data that trainings ask for: whose layout they share, and when they are laid out."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import torch
from tests.oracles.problems import advance, same_bits

from practicum.core.shapes import padded
from practicum.data.pipeline import Prepared, load, prepare
from practicum.engine.tasks import Tasks, layout_of, network_of
from practicum.recipe import Recipe
from practicum.training.pack import Pack, structure

SMALL = Recipe(hidden_sizes=(6,), learning_rate=0.1, batch_size=16)
FOLDS = [SMALL.changed(num_folds=5, fold=fold) for fold in range(5)]


def data(num_rows: int = 150, num_shops: int = 3) -> Prepared:
    """Return two numbers, one of which is missing now and then, a category and a target to learn."""
    random = np.random.default_rng(0)
    size, width = random.normal(size=(2, num_rows))
    frame = pl.DataFrame(
        {
            "size": size,
            "width": np.where(random.random(num_rows) < 0.5, np.nan, width),
            "shop": [f"shop {n}" for n in random.integers(num_shops, size=num_rows)],
            "price": 5 + size - np.nan_to_num(width),
        }
    )
    return prepare(load(frame, "price"), recipe=SMALL)


@pytest.mark.parametrize(("categories", "shape", "levels"), [("one_hot", 6, ()), ("embedding", 3, (4,))])
def test_the_network_has_the_shape_of_the_recipes_own_inputs(categories, shape, levels):
    """Hidden layers are the recipe's; looked-up columns stand apart."""
    recipe = SMALL.changed(categories=categories)
    network = Tasks(data()).network_of(recipe)

    assert (network.num_inputs, network.hidden_sizes, network.num_outputs) == (shape, (6,), 1)
    assert (network.activation, network.task, network.num_levels) == (SMALL.activation, "regression", levels)


def test_recipes_of_one_layout_share_a_task():
    """Other scales, hidden sizes and folds do; one held out, embeddings or another width do not."""
    tasks, many = Tasks(data()), [SMALL, SMALL.changed(preprocess="unit", hidden_sizes=(9,)), *FOLDS]
    found = tasks.tasks([*many, SMALL.changed(categories="embedding")])

    assert found[0] is found[1]
    assert found[2] is found[3] is found[4] is found[6]
    assert len({id(task) for task in found}) == 3
    assert (found[2].num_train, found[2].num_valid) == (96, 24)
    assert tasks.task(FOLDS[3]) is found[2]


def test_a_task_grows_with_what_is_asked_for():
    """Sources that it has stay in their places, so what was begun goes on with the same rows."""
    tasks = Tasks(data())
    first = tasks.task(FOLDS[1])
    grown = tasks.task(FOLDS[0])

    assert [first.place(FOLDS[1]), grown.place(FOLDS[1]), grown.place(FOLDS[0])] == [0, 0, 1]
    assert torch.equal(first.train.values, grown.train.source(0).values)


def test_all_folds_in_one_pack_are_the_folds_alone():
    """Prepared from a table, with widths that differ between folds where a rare level is not in all of them."""
    together = Tasks(data(num_shops=9))
    widths = {together.network_of(recipe).num_inputs for recipe in FOLDS}
    task = together.tasks(FOLDS)[0]
    whole = Pack(FOLDS, task)
    advance(whole, 50)
    for k, recipe in enumerate(FOLDS):
        alone = Pack([recipe], Tasks(data(num_shops=9)).task(recipe))
        advance(alone, 50)

        assert same_bits(alone.best_of(0), whole.best_of(k))
        assert alone.stopping.best_error[0] == whole.stopping.best_error[k]
    assert {padded(width) for width in widths} == {16}


def test_what_shares_a_pack_follows_from_task_and_structure():
    """A search groups its recipes by both."""
    recipes = [SMALL, SMALL.changed(tails="log", bagging=True), SMALL.changed(activation="relu"), FOLDS[0]]
    keys = {
        (id(task), structure(recipe, task))
        for recipe, task in zip(recipes, Tasks(data()).tasks(recipes), strict=True)
    }

    assert len(keys) == 3


def test_a_layout_is_counts_and_widths():
    """Widths on the grid of 16, exact where embeddings follow the inputs."""
    tasks = Tasks(data())
    plain, looked_up = (
        layout_of(tasks.preparations.of(SMALL.changed(categories=categories)))
        for categories in ("one_hot", "embedding")
    )

    assert plain == (16, (), 90, 30)
    assert looked_up == (3, (4,), 90, 30)


def test_the_metric_and_the_targets_unit_are_passed_on():
    """What selects; one deviation of the fold's own targets."""
    tasks = Tasks(data(), metric="rmse")
    task, scale = tasks.task(FOLDS[1]), tasks.preparations.preparation(FOLDS[1]).target_scale

    assert task.metric == "rmse"
    assert task.target_scale(FOLDS[1]) == scale > 0
    assert network_of(tasks.preparations.data, SMALL) == tasks.network_of(SMALL)


def test_a_plan_is_of_the_recipes_own_task():
    """With the trials' numbers; nothing bounds its programs."""
    tasks = Tasks(data())
    plan = tasks.plan([SMALL, SMALL.changed(learning_rate=0.3)], [7, 8])

    assert plan.task is tasks.task(SMALL)
    assert (plan.trials, plan.largest) == ([7, 8], None)
