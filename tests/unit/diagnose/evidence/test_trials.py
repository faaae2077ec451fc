"""Facts about trials of changed recipes: they are paired, they begin where they say, and they stop when asked."""

import math

import pytest
from tests.made_outcomes import prepared

from practicum.diagnose.evidence.recipes import CHANGES
from practicum.diagnose.evidence.trials import LEAST_STEPS, NUM_SEEDS, anew, from_weights
from practicum.engine.tasks import Tasks
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.recipe import Recipe

RECIPE = Recipe(hidden_sizes=(6,), learning_rate=0.1, num_steps=50, validate_every_steps=25)


@pytest.fixture(scope="module")
def tasks():
    return Tasks(prepared("binary"))


def members(tasks, count=2):
    """Weights of untrained networks."""
    import torch

    network = tasks.network_of(RECIPE)
    each = [initial_parameters(network, seed) for seed in range(count)]
    return [
        MLP(network, {k: torch.from_numpy(v).float() for k, v in one.items()}).state_dict() for one in each
    ]


def test_changes_from_the_weights_are_paired_and_the_same_each_time(tasks):
    """A rate that is a thousand times too small: more of it helps, in every pair."""
    slow = RECIPE.changed(learning_rate=1e-4)
    found = {one.name: one for one in from_weights(tasks, slow, members(tasks), seconds=60)}
    again = {one.name: one for one in from_weights(tasks, slow, members(tasks), seconds=60)}

    assert found == again
    assert found["the learning rate × 10"].confirmed
    assert not found["the learning rate ÷ 10"].confirmed
    assert {one.name for one in CHANGES if one.anew}.isdisjoint(found)


def test_the_weights_are_where_trials_begin(tasks):
    """The best that can be reached is not undone: a rate of nearly 0 leaves the losses what they are."""
    still = RECIPE.changed(learning_rate=1e-12)
    found = from_weights(tasks, still, members(tasks), seconds=60)
    rates = [one for one in found if "rate" in one.name]

    assert all(abs(gain) < 1e-6 for one in rates for gain in one.gains)


@pytest.mark.parametrize(
    "values",
    [
        {"schedule": "cosine", "schedule_steps": 50},
        {"averaging": 0.9},
        {"update_rule": "schedule_free_sgd"},
        {"update_rule": "adam"},
        {"warm_up_steps": 5, "decay_start_step": "auto"},
        {"momentum": 0.9, "initial_momentum": 0.5},
        {"significant_only": True, "dropout": 0.2, "l2_penalty": 1.0},
    ],
)
def test_whatever_a_recipe_has_it_is_tried_at_its_rate(tasks, values):
    """Schedules, averages and ends are set aside."""
    assert from_weights(tasks, RECIPE.changed(**values), members(tasks, 1), seconds=0.0)


def test_no_time_gives_the_least_updates(tasks):
    """And still a result."""
    assert from_weights(tasks, RECIPE, members(tasks), seconds=0.0)[0].num_steps == LEAST_STEPS


def test_asked_to_stop_nothing_is_made_up(tasks):
    """Neither way."""
    assert from_weights(tasks, RECIPE, members(tasks), seconds=60, stop=lambda: True) == []
    assert anew(tasks, RECIPE, num_workers=1, deadline=-math.inf) == []


def test_changes_that_begin_anew_have_a_pair_for_each_seed(tasks):
    """With their own budgets, as their names say."""
    said = []
    found = anew(tasks, RECIPE, num_workers=1, report=said.append)

    assert {one.name for one in found} == {one.name for one in CHANGES if one.anew and not one.only_control}
    assert {len(one.gains) for one in found} == {NUM_SEEDS}
    assert said[-1] == 1.0


def test_pairs_take_the_folds_in_turn():
    """Where the run was cross-validated."""
    tasks = Tasks(prepared("binary"))
    found = anew(tasks, RECIPE.changed(num_folds=3), num_workers=1)

    assert {len(one.gains) for one in found} == {NUM_SEEDS}
