"""Facts about batch sizes that are compared at equal time; the trainer is a stand-in."""

from __future__ import annotations

import math

import pytest
from tests.oracles.arenas import BASE, DOUBT, LENGTHS, NUM_VALID, OneTask, result

from practicum.core.record import Record
from practicum.engine.cost import seconds_an_example
from practicum.tuning.arena import Limits
from practicum.tuning.batch_size import (
    BatchSizes,
    Sized,
    best_size,
    sized_values,
    sizes_around,
    trainings,
    tuned_batch_size,
)
from practicum.tuning.equal_time import Pace, equal_times
from practicum.tuning.finals import Finalist, train_finalists

PACE = Pace(1000, 1.0)
VALUES = {"learning_rate": 0.1, "momentum": 0.5}


def sized(batch_size, error, standard_error=0.01, **changes):
    """Return what a size reached."""
    return Sized(batch_size, PACE, 0.1, error, standard_error, **changes)


def trainer(error_of, status="num_steps", log=None):
    """Return a trainer for which ``error_of(recipe)`` says what comes out."""

    def train(asked):
        if log is not None:
            log.extend(asked)
        return [
            Finalist(
                one.number,
                one.values,
                one.recipes[0],
                (tuple(result(error=error_of(r), status=status, recipe=r) for r in one.recipes),),
            )
            for one in asked
        ]

    return train


def test_no_size_is_smaller_than_is_worth_it_or_larger_than_the_guide_or_the_data_allow():
    """The present size is always among them."""
    assert sizes_around(32, 10**6) == (8, 16, 32, 64, 128)
    assert sizes_around(8, 10**6) == (8, 16, 32)
    assert sizes_around(512, 10**6) == (128, 256, 512)
    assert sizes_around(32, 70) == (8, 16, 32, 64)
    assert sizes_around(4, 10**6) == (4, 8, 16)


def test_sizes_that_are_given_are_taken_with_the_present_one():
    """Whatever lies around it."""
    assert sizes_around(32, 10**6, (256, 16)) == (16, 32, 256)


def test_the_rate_is_tuned_again_with_each_size():
    """Half, the same and twice; each ends after its size's updates and is validated on its way."""
    made = trainings(BASE, {8: Pace(400, 1.0), 32: Pace(100, 1.0)}, NUM_VALID)

    assert [(one.batch_size, one.learning_rate / BASE.learning_rate) for one in made] == [
        (size, factor) for size in (8, 32) for factor in (0.5, 1.0, 2.0)
    ]
    assert [one.num_steps for one in made] == [400] * 3 + [100] * 3
    assert all(one.num_steps / one.validate_every_steps >= 4 for one in made)


def test_a_fixed_rate_stays():
    """Where the user fixed it."""
    made = trainings(BASE, {8: PACE, 32: PACE}, NUM_VALID, tune_rate=False)

    assert [one.learning_rate for one in made] == [BASE.learning_rate] * 2


def test_a_clearly_better_size_is_chosen_with_its_rate():
    """Its values take the place of the search's, and it may see more examples in the same time."""
    paces = equal_times({16: 3.0, 32: 2.0, 64: 1.5}, 100_000)
    recipe = BASE.changed(batch_size=32, learning_rate=0.1)
    found = tuned_batch_size(
        VALUES,
        recipe,
        paces,
        trainer(lambda one: {16: 0.4, 32: 0.3, 64: 0.1}[one.batch_size] + 0.02 * (one.learning_rate < 0.15)),
        num_valid=10_000,
        doubt=DOUBT,
    )

    assert (found.present, found.chosen, found.changed) == (32, 64, True)
    assert found[64].learning_rate == 0.2
    assert found.longer == pytest.approx(2.0 / 1.5)
    assert found.applied(recipe) == recipe.changed(batch_size=64, learning_rate=0.2)
    assert found.text == (
        "At equal time, batches of 64 reach an error of 0.1 (rate 0.2), those of 32 0.3: the finals try both [3.1-08]."
    )


def test_a_tie_keeps_the_present_size():
    """A difference within one standard error is none."""
    assert best_size([sized(16, 0.195), sized(32, 0.2)], 32) == 32
    assert best_size([sized(16, 0.189), sized(32, 0.2)], 32) == 16


def test_without_a_standard_error_the_lower_error_wins():
    """Nobody knows how large chance is."""
    assert best_size([sized(16, 0.19, math.nan), sized(32, 0.2, math.nan)], 32) == 16


def test_of_equal_errors_the_nearer_size_wins():
    """Where the present one diverged at all rates."""
    rows = [sized(8, 0.1), sized(16, 0.1), sized(32, math.inf, math.nan), sized(128, 0.1)]

    assert best_size(rows, 32) == 16


def test_what_was_cut_short_is_not_compared():
    """Unless all were, alike: a size that had another share of its time than the present one cannot win."""
    assert best_size([sized(16, 0.1, share=0.5), sized(32, 0.2)], 32) == 32
    assert best_size([sized(16, 0.1), sized(32, 0.2, share=0.5)], 32) == 32
    assert best_size([sized(16, 0.1, share=0.0), sized(32, 0.2, share=0.0)], 32) == 32
    assert best_size([sized(16, 0.1, share=0.45), sized(32, 0.2, share=0.5)], 32) == 16


def test_trainings_that_the_clock_ended_are_seen():
    """By the updates that they had."""
    found = tuned_batch_size(
        VALUES, BASE, {16: PACE, 32: PACE}, trainer(lambda _: 0.2, "budget"), NUM_VALID, DOUBT
    )

    assert [row.share for row in found.rows] == pytest.approx([0.1, 0.1])


def test_folds_are_trained_together():
    """The error of a rate is the mean over folds."""
    log = []
    found = tuned_batch_size(
        VALUES,
        BASE,
        {16: PACE},
        trainer(lambda one: 0.1 + 0.1 * one.fold, log=log),
        NUM_VALID,
        DOUBT,
        num_folds=3,
    )

    assert [[one.fold for one in asked.recipes] for asked in log] == [[0, 1, 2]] * 3
    assert found[16].error == pytest.approx(0.2)


def test_a_size_that_diverged_has_no_error():
    """At none of its rates."""
    found = tuned_batch_size(
        VALUES,
        BASE,
        {16: PACE, 32: PACE},
        trainer(lambda one: math.inf if one.batch_size == 32 else 0.2),
        NUM_VALID,
        DOUBT,
    )

    assert found[32].error == math.inf
    assert found.chosen == 16


def test_no_better_size_is_said():
    """With the sizes that were compared."""
    found = BatchSizes((sized(16, 0.2), sized(32, 0.2)), 32, 32)

    assert found.text == "Compared at equal time, no batch size of 16, 32 is clearly better than 32 [3.1-08]."


def test_values_tell_size_and_rate():
    """Beside all others."""
    assert sized_values(VALUES, BASE.changed(batch_size=64, learning_rate=0.2)) == {
        "learning_rate": 0.2,
        "momentum": 0.5,
        "batch_size": 64,
    }


def test_real_trainings_of_measured_lengths():
    """Costs measured on real packs; every size is trained to its end and reaches something."""
    tasks, recipe = OneTask(), BASE.changed(batch_size=16, learning_rate=0.1)
    costs = {}
    for size in (8, 16, 32):
        pack = trainings(recipe, {size: Pace(2**40, 0.0)}, NUM_VALID)
        costs[size] = seconds_an_example(tasks.task, pack)
    paces = equal_times(costs, 800 * costs[16])

    def train(asked):
        return train_finalists(asked, [0], tasks, Limits(num_workers=1), Record(), 0)

    found = tuned_batch_size(VALUES, recipe, paces, train, NUM_VALID, DOUBT)

    assert [row.batch_size for row in found.rows] == [8, 16, 32]
    assert all(row.share == 1 and row.error < 0.5 for row in found.rows)
    assert found[16].pace.num_steps == 50
    assert LENGTHS.steps(800, recipe) == 50
