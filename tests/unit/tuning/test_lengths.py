"""Facts about the lengths of a search: rungs that ascend, counts that are bounded, arithmetic that fits the time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.recipe import Recipe
from practicum.training.pack import MIN_VALIDATE_STEPS
from practicum.tuning.lengths import (
    FEWEST_TRIALS,
    MOST_TRIALS,
    NUM_RUNGS,
    REDUCTION,
    Lengths,
    by_data,
    by_steps,
    by_time,
    cost_of_rungs,
)

ROWS = st.integers(20, 2_000_000)
CAPACITIES = st.floats(0, 1e13)


@given(ROWS, CAPACITIES, st.integers(1, 60))
def test_rungs_ascend_and_counts_are_bounded(num_train, capacity, num_finals):
    """Whatever the time and the rows."""
    found = by_time(num_train, capacity, 0.55, num_finals)

    assert all(
        later == REDUCTION * earlier for earlier, later in zip(found.rungs, found.rungs[1:], strict=False)
    )
    assert found.full == REDUCTION * found.rungs[-1] >= MIN_VALIDATE_STEPS
    assert FEWEST_TRIALS <= found.num_trials <= MOST_TRIALS
    assert found.final >= 1


@given(ROWS, CAPACITIES, st.floats(1, 100))
def test_more_time_never_gives_less(num_train, capacity, factor):
    """Neither fewer examples in the search as a whole nor shorter finals."""
    less, more = (by_time(num_train, c, 0.55, 15) for c in (capacity, capacity * factor))

    assert more.num_trials * more.rungs[0] >= less.num_trials * less.rungs[0] * 0.99 - less.num_trials
    assert more.final >= less.final
    assert more.num_trials >= less.num_trials


@given(ROWS, st.floats(1e8, 1e13))
def test_search_and_finals_fit_the_capacity(num_train, capacity):
    """Where the time allows any search at all: one trial in three goes on at each rung."""
    found = by_time(num_train, capacity, 0.55, 15)
    searching = found.num_trials * found.rungs[0] * cost_of_rungs()

    if found.num_trials > FEWEST_TRIALS:
        assert searching <= 0.56 * capacity
    assert 15 * found.final <= 0.46 * capacity + 15


def test_folds_share_the_time():
    """Five trainings of each setting are five times the cost."""
    one, five = (by_time(1000, 1e8, 0.55, 15 * folds, 64, folds) for folds in (1, 5))

    assert five.rungs[0] <= one.rungs[0]


def test_a_number_that_is_given_is_kept():
    """The time then decides the lengths only."""
    assert by_time(1000, 1e7, 0.55, 15, num_trials=500).num_trials == 500
    assert by_data(1000, 7).num_trials == by_steps(100, 16, 7).num_trials == 7


@given(ROWS, st.integers(1, 500))
def test_without_a_clock_lengths_follow_from_the_rows(num_train, num_trials):
    """More rows, longer rungs; the finals are at least as long as the search's longest."""
    found = by_data(num_train, num_trials)

    assert found.rungs[0] >= 2 * num_train
    assert found.final >= found.full == found.rungs[0] * REDUCTION**NUM_RUNGS


def test_ages_are_examples_so_that_batch_sizes_compare_at_equal_cost():
    """Twice the batch, half the updates."""
    lengths = Lengths((800, 1600), 3200, 6400, 8)

    assert lengths.rung_steps(Recipe(batch_size=16)) == (50, 100)
    assert lengths.rung_steps(Recipe(batch_size=32)) == (25, 50)
    assert lengths.trained(Recipe(batch_size=16), 50).num_steps == 200
    assert lengths.trained(Recipe(batch_size=16), 50, final=True).num_steps == 400


@given(st.integers(1, 10**6), st.sampled_from([1, 16, 512]))
def test_given_updates_are_kept_whatever_the_batch(num_steps, batch_size):
    """The rungs are parts of them, each once and ascending."""
    lengths = by_steps(num_steps, 32, 8)
    recipe = lengths.trained(Recipe(num_steps=num_steps, batch_size=batch_size), 100)
    rungs = lengths.rung_steps(recipe)

    assert recipe.num_steps == num_steps
    assert lengths.trained(recipe, 100, final=True).num_steps == num_steps
    assert list(rungs) == sorted(set(rungs))
    assert rungs[-1] <= max(1, round(num_steps / 2))


def test_given_updates_and_a_time_decide_the_number_of_trials():
    """As many as the time allows, within the same bounds."""
    counts = [by_steps(270, 10, None, capacity, 0.5, 15).num_trials for capacity in (0, 5e4, 1e9)]

    assert counts[0] == FEWEST_TRIALS < counts[1] < counts[2] == MOST_TRIALS


def test_validations_come_before_the_first_rung_and_before_patience():
    """A trial that is judged has been validated; a recipe that says where is obeyed."""
    lengths = Lengths((640, 1920), 5760, 6000, 8)
    recipe = Recipe(batch_size=16, patience_steps=40)

    assert lengths.trained(recipe, 10_000).validate_every_steps == 20
    assert lengths.trained(recipe.changed(patience_steps=4000), 10_000).validate_every_steps == 25
    assert lengths.trained(recipe.changed(validate_every_steps=7), 10_000).validate_every_steps == 7


@pytest.mark.parametrize("num_steps", [None, 270])
def test_what_is_written_down_is_read_back(num_steps):
    """As plain data."""
    lengths = Lengths((800, 1600), 3200, 6400, 8, num_steps)

    assert Lengths.from_plain(lengths.as_plain()) == lengths


def test_no_training_is_shorter_than_to_a_first_validation():
    """However little time there is: a length without a validation says nothing."""
    lengths = Lengths(rungs=(32, 96), full=288, final=1, num_trials=4)

    assert lengths.trained(Recipe(), 50, final=True).num_steps == MIN_VALIDATE_STEPS


def test_exams_lie_between_the_rungs_at_doubled_ages():
    """From half of the first rung on, none at a rung, none at the end; they are written down too."""
    lengths = Lengths((100, 300, 900), 2700, 2700, 64).examined()

    assert lengths.exams == (50, 200, 400, 800, 1600)
    assert lengths.marks[:3] == ((50, False), (100, True), (200, False))
    assert Lengths((200, 600), 1800, 1800, 8).examined().exams == (100, 400, 800, 1600)
    assert Lengths((100, 200), 400, 400, 8).examined().exams == (50,)
    assert Lengths.from_plain(lengths.as_plain()) == lengths


def test_without_rungs_exams_begin_where_a_rung_would_lie():
    """A search in which nobody is judged."""
    assert Lengths((), 2700, 2700, 64).examined().exams == (50, 100, 200, 400, 800, 1600)


def test_marks_are_as_many_updates_as_ages_and_never_the_same():
    """However short a training is: an exam and a rung are two questions."""
    lengths = Lengths((64, 192, 576), 1728, 1728, 8).examined()

    assert lengths.mark_steps(Recipe(batch_size=32)) == (1, 2, 4, 6, 8, 16, 18, 32)
    assert lengths.mark_steps(Recipe(batch_size=512)) == tuple(range(1, 9))
    assert Lengths((64, 192), 576, 576, 8).mark_steps(Recipe(batch_size=512)) == (1,)


def test_lengths_of_before_there_were_exams_have_none():
    """A run of an older version can be repeated."""
    plain = Lengths((800, 1600), 3200, 6400, 8).as_plain()
    del plain["exams"]

    assert Lengths.from_plain(plain).exams == ()
