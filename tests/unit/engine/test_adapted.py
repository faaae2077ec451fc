"""Facts about a trial whose learning rate is chosen anew at intervals."""

from __future__ import annotations

import math

import pytest
from tests.oracles.modules import ZOO, bowl
from tests.oracles.problems import advance, problem, same_bits, small_recipe

from practicum.core.errors import ConfigError
from practicum.core.record import Record
from practicum.engine.adapted import train_with_bottou
from practicum.recipe import Recipe
from practicum.training.bottou import FACTORS
from practicum.training.pack import Pack

DATA = problem("binary")


def trained(recipe, task=None, **options):
    """Return result, choices and record of a trial."""
    record = Record()
    usual = {"factors": FACTORS, "every_steps": 60, "subset_rows": 32}
    result, choices = train_with_bottou(
        recipe, task or DATA.laid_out(recipe), **{**usual, **options}, record=record
    )
    return result, choices, record.frame()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"momentum": 0.7, "dropout": 0.2},
        {"update_rule": "adam", "learning_rate": 0.01, "averaging": 0.9, "clip_norm": 1.0},
        {"early_stopping": False, "decay_start_step": "auto", "l2_penalty": 0.1},
    ],
)
def test_the_state_is_restored_exactly(values):
    """With the present rate as the only candidate, training is plain training, bit for bit."""
    recipe = small_recipe(**values, num_steps=200)
    plain, record = Pack([recipe], DATA.laid_out(recipe)), Record()
    record.fold(advance(plain, 200))
    result, choices, frame = trained(recipe, factors=(1.0,))

    assert frame.equals(record.frame())
    assert same_bits(result.weights, plain.best_of(0))
    assert [(c.step, c.rate) for c in choices] == [(s, recipe.learning_rate) for s in (0, 60, 120, 180)]


@pytest.mark.parametrize("name", ["batch_norm", "attention_dropout"])
def test_it_works_with_a_users_module(name):
    """Running statistics are the trial's own."""
    task = ZOO[name].task()
    recipe = Recipe(batch_size=8, learning_rate=0.05, early_stopping=False, num_steps=40)
    plain = Pack([recipe], task)
    advance(plain, 40)
    result, _, _ = trained(recipe, task, factors=(1.0,), every_steps=10, subset_rows=16)

    assert same_bits(result.weights, plain.best_of(0))


def test_the_rate_finds_its_way():
    """From a hundred times too small, by 4 at a choice, in both directions."""
    for start in (0.001, 0.19):
        recipe = Recipe(batch_size=8, learning_rate=start, early_stopping=False, num_steps=25)
        result, choices, _ = trained(recipe, bowl(10.0), every_steps=5, subset_rows=16)

        assert 0.05 < choices[-1].rate < 0.2
        assert result.valid_loss < 1e-3


def test_each_rate_holds_until_the_next_choice():
    """The curve of the trial says so."""
    result, choices, frame = trained(small_recipe(validate_every_steps=30, num_steps=200))
    rates = {choice.step: choice.rate for choice in choices}
    seen = {step: rate for step, rate in frame.select("step", "learning_rate").iter_rows() if step}

    assert list(rates) == [0, 60, 120, 180]
    assert seen == {step: rates[(step - 1) // 60 * 60] for step in (30, 60, 90, 120, 150, 180, 200)}
    assert (result.status, result.num_steps) == ("num_steps", 200)
    assert 0 < result.best_step <= 200
    assert math.isfinite(result.valid_error)


def test_a_trial_that_ends_is_not_tried_on():
    """By its own bound on updates."""
    result, choices, _ = trained(small_recipe(num_steps=70))

    assert (result.num_steps, [choice.step for choice in choices]) == (70, [0, 60])


def test_numbers_out_of_range_are_refused():
    """Before anything is trained."""
    with pytest.raises(ConfigError, match="`every_steps` must be at least 1"):
        trained(small_recipe(num_steps=70), every_steps=0)
