"""Facts about the rows that checks on data look at, and what a forest learns from them."""

import numpy as np
import pytest
from tests.made_tables import made_ready, series, sound

from practicum.checks.sampled import MOST_ROWS, Sampled, inputs_of, skill, some_rows, targets_of


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_what_can_be_told_in_part_has_a_skill_between_nothing_and_all(task):
    found = Sampled.of(made_ready(sound(task))).skill()

    assert 0.1 + 2 * found.standard_error < found.value < 0.9


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_noise_has_no_skill(task):
    random = np.random.default_rng(0)
    y = random.integers(2, size=400) if task == "binary" else random.normal(size=400)
    found = skill(random.normal(size=(400, 3)), y.astype(float), task)

    assert found.value < 2 * found.standard_error


def test_one_answer_for_all_rows_leaves_nothing_to_learn():
    found = skill(np.arange(20.0)[:, None], np.ones(20), "regression")

    assert (found.value, found.standard_error) == (0.0, np.inf)


def test_every_input_belongs_to_a_column_of_the_table():
    """A category's inputs, one a level, are one column."""
    prepared = made_ready(sound())
    rows = Sampled.of(prepared)

    assert list(rows.columns) == ["x0", "x1", "x2", "x3", "place"]
    assert sorted(place for places in rows.columns.values() for place in places) == list(
        range(rows.x.shape[1])
    )
    assert len(rows.columns["place"]) == 3
    np.testing.assert_array_equal(rows.x, inputs_of(prepared.train))
    np.testing.assert_array_equal(rows.y, targets_of(prepared.train, "binary"))


def test_of_many_rows_some_are_drawn_once_each_and_in_their_order():
    rows = some_rows(3 * MOST_ROWS, seed=1)

    assert len(rows) == MOST_ROWS
    assert (np.diff(rows) > 0).all()
    assert not np.array_equal(rows, some_rows(3 * MOST_ROWS, seed=2))
    np.testing.assert_array_equal(some_rows(5, seed=1), np.arange(5))


def test_blocks_keep_neighbours_from_the_forest():
    """In a series, the day tells the target only where neighbouring days are known."""
    table = series()
    day = np.arange(len(table["y"]), dtype=float)[:, None]

    assert skill(day, table["y"], "regression").value > 0.3
    assert skill(day, table["y"], "regression", num_blocks=12).value < 0.15
