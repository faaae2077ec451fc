"""Facts about what an exam sees: rows up to an age, folds together, errors at the best."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from practicum.core.events import Validated
from practicum.core.record import Record
from practicum.recipe import Recipe
from practicum.tuning.exam import at_best, courses_of
from practicum.tuning.lengths import Lengths

LENGTHS = Lengths(rungs=(400,), full=1000, final=1000, num_trials=2)
RECIPES = {0: Recipe(), 1: Recipe(learning_rate=0.5), 2: Recipe(), 3: Recipe()}


@pytest.fixture
def record():
    """Four trainings, validated six times, 10 rows an update; the last stops being the best at once."""
    record = Record()
    for step in range(0, 60, 10):
        loss = np.array([1.0, 0.9, 0.8, 0.5]) - step / 100 * np.array([1, 1, 1, -1])
        record.fold(
            [
                Validated(
                    step=step,
                    age=10 * step,
                    trials=(0, 1, 2, 3),
                    alive=np.ones(4, bool),
                    learning_rate=np.full(4, 0.1),
                    train_loss=loss + 1,
                    valid_loss=loss,
                    valid_error=loss / 2,
                    improved=np.array([True, True, True, step == 0]),
                )
            ]
        )
    return record


def test_a_course_ends_at_the_age(record):
    """Whatever is known beyond it."""
    (course,) = courses_of(record, {7: [1]}, RECIPES, LENGTHS, 250)

    assert (course.number, course.recipe.learning_rate) == (7, 0.5)
    assert course.ages.tolist() == [0, 100, 200]
    assert course.valid_loss.tolist() == pytest.approx([0.9, 0.8, 0.7])
    assert course.train_loss.tolist() == pytest.approx([1.9, 1.8, 1.7])


def test_where_updates_are_given_ages_are_shares_of_them(record):
    """Half of 50 updates, whatever the batch size."""
    by_steps = Lengths(rungs=(400,), full=1000, final=1000, num_trials=2, num_steps=50)
    (course,) = courses_of(record, {0: [0]}, RECIPES, by_steps, 500)

    assert course.ages.tolist() == [0, 100, 200]


def test_folds_are_one_course(record):
    """The means; of error and loss at the best, the means of each fold's own best."""
    both, alone = courses_of(record, {0: [0, 3], 1: [2]}, RECIPES, LENGTHS, 1000)

    assert both.valid_loss.tolist() == pytest.approx([0.75] * 6)
    assert both.best_loss.tolist() == pytest.approx([0.75 - step / 200 for step in range(0, 60, 10)])
    assert both.best[0] == pytest.approx(0.25)
    assert both.improved.all()
    assert alone.best == pytest.approx((0.15, 0.3))


def test_what_was_never_validated_has_no_course(record):
    """Of some folds the others are one."""
    found = courses_of(record, {0: [0, 9], 1: [8]}, RECIPES, LENGTHS, 1000)

    assert [course.number for course in found] == [0]


def test_before_the_first_best_there_is_none():
    """A loss that is no number is never a best."""
    assert at_best(pl.Series([1.0, 2.0]), pl.Series([False, False])).tolist() == [np.inf, np.inf]
