"""Facts about who enters the finals, and with which recipe."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.oracles.arenas import BASE, LENGTHS, setting

from practicum.optim.coefficients import Coefficients
from practicum.optim.schedules import rates
from practicum.recipe.space import Entry, Linear, Log, LogInteger, Space
from practicum.tuning.batch_size import BatchSizes, Sized
from practicum.tuning.effort import Effort
from practicum.tuning.equal_time import Pace
from practicum.tuning.procedure import Hunt
from practicum.tuning.search import Found
from practicum.tuning.shortlist import before_cooling, best_few, cooled, entering, may_cool, shortlist

ADAM = BASE.changed(update_rule="adam", momentum=0.0)
RATES = Space((Entry("learning_rate", Log(1e-3, 1.0)),), ADAM)
EFFORT = Effort(RATES, "zoom", LENGTHS, num_folds=1, num_seeds=2)


def hunted(*errors):
    """Return a search whose settings reached ``errors``."""
    settings = [
        setting(number, error, {"learning_rate": 0.01 * (number + 1)}) for number, error in enumerate(errors)
    ]
    return Hunt(Found(settings), RATES)


def rates_of(recipe, count):
    """Return the rate of each update."""
    return rates(0, count, Coefficients.of([recipe], num_layers=2, num_rows=100))[:, 0]


def test_the_best_few_enter():
    """The best first, whatever its number."""
    assert [one.tried.number for one in entering(EFFORT, hunted(0.4, 0.1, 0.3, 0.2))] == [1, 3, 2]


def test_who_was_decided_to_enter_enters():
    """A search that a kill cut short after its end may rank otherwise; numbers that are no more are passed over."""
    decided = replace(EFFORT, entering=(0, 2))
    lost = replace(EFFORT, entering=(0, 77))
    made = hunted(0.4, 0.1, 0.3, 0.2)

    assert [one.number for one in shortlist(decided, made, 100)] == [0, 2]
    assert [one.number for one in shortlist(lost, made, 100)] == [1, 3, 2]


@pytest.mark.parametrize(
    ("effort", "falls"),
    [
        (replace(EFFORT, final_ages={0: 1600}), True),
        (replace(EFFORT, final_ages={}), False),
        (EFFORT, False),
        (replace(EFFORT, final_ages={0: 1600}, space=RATES.with_base(BASE)), False),
    ],
)
def test_a_rate_falls_only_where_its_end_is_known(effort, falls):
    """And only Adam's."""
    (one,) = shortlist(effort, hunted(0.2), 100)
    (recipe,) = one.recipes

    assert (recipe.schedule == "linear") == falls
    assert recipe.num_steps == (100 if effort.final_ages else LENGTHS.final // 16)
    assert recipe.learning_rate == pytest.approx(0.02 if falls else 0.01)
    assert before_cooling(recipe, one.values, effort.space).learning_rate == pytest.approx(0.01)
    assert before_cooling(recipe, one.values, effort.space).schedule == "power"


@pytest.mark.parametrize(
    ("status", "num_steps", "falls"),
    [("patience", 90, False), ("patience", 110, True), ("num_steps", 90, True)],
)
def test_where_patience_ends_it_the_rate_stays(status, num_steps, falls):
    """Its end is not known then: patience had ended the setting before, in the search."""
    made = Hunt(Found([setting(0, 0.2, {"learning_rate": 0.01}, status=status, num_steps=num_steps)]), RATES)
    (one,) = shortlist(replace(EFFORT, final_ages={0: 1600}), made, 100)

    assert (one.recipes[0].schedule == "linear") == falls


def test_with_another_batch_size_the_length_follows():
    """It sees as many examples as it can in the same time, and its values say so."""
    made = hunted(0.2, 0.3)
    rows = (Sized(16, Pace(100, 2e-5), 0.1, 0.3, 0.01), Sized(32, Pace(100, 1e-5), 0.2, 0.1, 0.01))
    made.batch_sizes = BatchSizes(rows, 16, 32)
    resized, plain = shortlist(replace(EFFORT, final_ages={0: 1600, 1: 3200}), made, 100)

    assert (resized.number, plain.number) == (0, 0)
    assert (resized.recipes[0].batch_size, resized.recipes[0].num_steps) == (32, 2 * 1600 // 32)
    assert (plain.recipes[0].batch_size, plain.recipes[0].num_steps) == (16, 100)
    assert resized.values == {"learning_rate": 0.2, "batch_size": 32}


@pytest.mark.parametrize(
    ("space", "may"),
    [
        (RATES, True),
        (Space((Entry("momentum", Linear(0.0, 0.9)),), BASE), False),
        (Space((*RATES.entries, Entry("decay_start_step", LogInteger(10, 1000))), ADAM), False),
    ],
)
def test_what_the_search_chose_of_the_rates_course_stays(space, may):
    """A rate that was fixed, and a schedule that was searched."""
    assert may_cool(space) == may


def test_equal_values_get_there_once():
    """A setting that was tried twice is one finalist."""
    first, second = {"learning_rate": 0.1, "momentum": 0.5}, {"learning_rate": 0.2, "momentum": 0.5}
    ranked = [setting(0, values=first), setting(1, values=first), setting(2, values=second)]

    assert [one.tried.number for one in best_few(ranked)] == [0, 2]
    assert [one.tried.number for one in best_few(ranked, 1)] == [0]
    assert LENGTHS.final == 3200


def test_a_constant_rate_falls_to_nothing_in_the_finals():
    """At the end of training, which is known by then; its mean is what the constant rate was."""
    before = ADAM.changed(num_steps=100, learning_rate=0.01)
    after = cooled(before)
    falling = rates_of(after, 100)

    assert after.schedule == "linear"
    assert falling.mean() == pytest.approx(0.01, rel=0.02)
    assert falling[-1] < 0.03 * falling[0]
    assert rates_of(after.changed(num_steps=50), 100).tolist() == falling.tolist()


@pytest.mark.parametrize(
    "recipe",
    [
        BASE.changed(num_steps=100),
        ADAM.changed(num_steps=None),
        ADAM.changed(num_steps=100, decay_start_step=50),
        ADAM.changed(num_steps=100, decay_start_step="auto"),
        ADAM.changed(num_steps=100, schedule="exponential", decay_rate=0.01),
        BASE.changed(num_steps=100, update_rule="schedule_free_adamw", momentum=0.0),
    ],
)
def test_a_schedule_that_was_chosen_stays(recipe):
    """And so does momentum's rate, one whose end nobody knows, and one that has no schedule."""
    assert cooled(recipe) is recipe
