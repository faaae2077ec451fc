"""A trial that explodes, or is broken from the start, changes no bit of its neighbours.

For our own perceptron and for every module that can be lifted, at every update rule.
"""

from __future__ import annotations

import math

import pytest
import torch
from tests.oracles.module_packs import applicable, case_recipes, case_task, held
from tests.oracles.modules import LIFTABLE
from tests.oracles.problems import advance, problem, same_bits, small_recipe
from tests.oracles.terms import RULE_TERMS, TOGETHER

from practicum.training.pack import Pack

RULES = tuple(RULE_TERMS)
TERMS_OF_OURS = {
    "clip_norm": 0.5,
    "l1_penalty": 0.1,
    "l2_penalty": 0.2,
    "dropout": 0.2,
    "bias_rate_multiplier": 2.0,
}
PLACE, NUM_STEPS = 13, 40


def check_neighbours(pack, beside, place):
    """Assert that all trials but one are bitwise equal in two packs, and that one is not."""
    others = [k for k in range(len(pack)) if k != place]

    assert not same_bits(pack.parameters.get(place), beside.parameters.get(place))
    for k in others:
        assert same_bits(held(pack, k), held(beside, k))
        assert same_bits(pack.best_of(k), beside.best_of(k))
        assert pack.stopping.best_loss[k] == beside.stopping.best_loss[k]
    assert all(math.isfinite(pack.stopping.best_loss[k]) for k in others)


def exploding(recipes, place):
    """Return the recipes with one at a learning rate of 1e6."""
    return [r.changed(learning_rate=1e6) if k == place else r for k, r in enumerate(recipes)]


def break_(pack, place):
    """Make every parameter of one trial undefined."""
    for block in pack.parameters.blocks.values():
        block[place] = math.nan


@pytest.mark.parametrize("seeds", [[0] * 32, [k % 5 for k in range(32)]], ids=["one seed", "five seeds"])
@pytest.mark.parametrize("terms", [{}, TERMS_OF_OURS], ids=["plain", "terms"])
@pytest.mark.parametrize("rule", RULES)
def test_an_exploding_perceptron_changes_no_bit_of_31_others(rule, terms, seeds):
    """With one at rate 1e6, or with a sound one in its place."""
    data = problem("multiclass")
    recipes = [
        small_recipe(seed=seed, validate_every_steps=10, **{**RULE_TERMS[rule], **terms}) for seed in seeds
    ]
    sound, stormy = data.pack(recipes), data.pack(exploding(recipes, PLACE))
    for pack in (sound, stormy):
        advance(pack, NUM_STEPS)

    check_neighbours(sound, stormy, PLACE)


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_perceptron_changes_no_bit_of_31_others(rule):
    """Undefined parameters planted in one trial in mid-run."""
    data = problem("regression")
    recipes = [small_recipe(seed=k % 3, validate_every_steps=10, **RULE_TERMS[rule]) for k in range(32)]
    sound, broken = data.pack(recipes), data.pack(recipes)
    advance(sound, NUM_STEPS)
    advance(broken, NUM_STEPS // 2)
    break_(broken, PLACE)
    advance(broken, NUM_STEPS)

    assert all(value.isnan().all() for value in broken.parameters.get(PLACE).values())
    check_neighbours(sound, broken, PLACE)


def lifted(name, rule, terms, count, place, *, dtype):
    """Return two packs of a case: sound, and with one trial at rate 1e6."""
    terms = applicable(name, rule, terms)
    seeds = [k % 3 for k in range(count)]
    recipes = case_recipes(name, rule, terms, seeds=seeds, validate_every_steps=5)
    task = case_task(name, terms, dtype)
    return Pack(recipes, task), Pack(exploding(recipes, place), task)


@pytest.mark.parametrize("name", LIFTABLE)
def test_an_exploding_module_changes_no_bit_of_the_others(name):
    """Every module at rules and terms that change from one to the next, in both types of numbers."""
    place = LIFTABLE.index(name)
    for turn, dtype in enumerate((torch.float32, torch.float64)):
        rule = RULES[(place + 5 * turn) % len(RULES)]
        sound, stormy = lifted(name, rule, TOGETHER[(place + turn) % len(TOGETHER)], 8, 2, dtype=dtype)
        for pack in (sound, stormy):
            advance(pack, 20)

        check_neighbours(sound, stormy, 2)


@pytest.mark.parametrize("rule", RULES)
def test_an_exploding_lifted_module_changes_no_bit_of_31_others(rule):
    """One of 32 at rate 1e6, for every rule."""
    for terms in TOGETHER:
        sound, stormy = lifted("mlp", rule, terms, 32, PLACE, dtype=torch.float32)
        for pack in (sound, stormy):
            advance(pack, 15)

        check_neighbours(sound, stormy, PLACE)


@pytest.mark.parametrize("name", LIFTABLE)
def test_a_broken_module_changes_no_bit_of_the_others(name):
    """Undefined parameters planted in one trial in mid-run."""
    rule = RULES[(LIFTABLE.index(name) + 3) % len(RULES)]
    recipes = case_recipes(name, rule, seeds=[k % 3 for k in range(6)], validate_every_steps=5)
    task = case_task(name, (), torch.float32)
    sound, broken = Pack(recipes, task), Pack(recipes, task)
    advance(sound, 15)
    advance(broken, 7)
    break_(broken, 4)
    advance(broken, 15)

    assert all(value.isnan().all() for value in broken.parameters.get(4).values())
    check_neighbours(sound, broken, 4)
