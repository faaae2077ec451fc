"""A trial of a pack equals the same trial alone, for every update rule and every module that can be lifted.

Over a hundred updates, with three validations, at settings in which rounding stays rounding; where it does not (a rate
of 0.5 makes an error of order one of it), single updates from a common state.
"""

from __future__ import annotations

from itertools import product

import pytest
import torch
from tests.oracles.module_packs import (
    apart,
    applicable,
    case_recipes,
    case_task,
    curve_apart,
    held,
    weights_apart,
)
from tests.oracles.modules import LIFTABLE
from tests.oracles.problems import advance
from tests.oracles.terms import MODULE_TERMS, RULE_TERMS, TOGETHER

from practicum.core.events import Ended, Validated
from practicum.optim.rules import RULES
from practicum.training.pack import Pack
from practicum.training.snapshot import restore, take

NUM_STEPS, VALIDATE_EVERY = 120, 40
KINDS = ("mlp", "convolutional", "residual_layer_norm", "batch_norm", "attention", "plain_gru")
"""Modules that meet every rule; the others are of a kind with one of these and meet some rules, and every term."""

OTHERS = tuple(name for name in LIFTABLE if name not in KINDS)
NAMES = tuple(RULE_TERMS)


def some_rules(i):
    """Return three rules, other ones for each i; a schedule-free one, for which some terms mean nothing, first."""
    return sorted((NAMES[(i + 3 * j) % len(NAMES)] for j in range(3)), key=lambda rule: "free" not in rule)


TABLE = (
    *((name, rule, i + j) for (i, name), (j, rule) in product(enumerate(KINDS), enumerate(NAMES))),
    *((name, rule, number) for i, name in enumerate(OTHERS) for number, rule in enumerate(some_rules(i))),
)
"""Module, rule, number of the terms, which change from row to row."""


def terms_of(name, rule, number):
    """Return the terms of that number which apply."""
    return applicable(name, rule, TOGETHER[number % len(TOGETHER)])


def alone_and_packed(name, rule, terms, k=1, seeds=(1, 2), dtype=torch.float64, until=NUM_STEPS, **values):
    """Return a trained pack and its events, and trial k alone and its events."""
    task = case_task(name, terms, dtype)
    recipes = case_recipes(name, rule, terms, seeds=seeds, **values)
    packed, alone = Pack(recipes, task), Pack([recipes[k]], task.alone())
    return packed, advance(packed, until), alone, advance(alone, until)


def ends(events, trial):
    """Return when and why a trial ended."""
    return [(e.step, e.reason) for e in events if isinstance(e, Ended) and e.trial == trial]


@pytest.mark.parametrize(("name", "rule", "number"), TABLE, ids=[f"{name}-{rule}" for name, rule, _ in TABLE])
def test_a_trial_in_a_pack_equals_the_trial_alone(name, rule, number):
    """Weights, state, best weights, both loss curves and the end, over 120 updates, in 64 bits."""
    terms = terms_of(name, rule, number)
    seeds = (2, 2) if number % 2 else (1, 2)  # the same minibatches, or each its own
    limits = {"num_steps": NUM_STEPS, "validate_every_steps": VALIDATE_EVERY}
    packed, events, alone, own_events = alone_and_packed(name, rule, terms, seeds=seeds, **limits)

    assert weights_apart(packed, 1, alone, 0) < 1e-10
    assert curve_apart(events, 1, own_events, 0) < 1e-10
    assert ends(events, 1) == ends(own_events, 0) == [(NUM_STEPS, "num_steps")]


def test_the_table_meets_every_pair():
    """Every kind of module and every rule; every term with every rule and with every module it has a meaning for."""
    met = {
        pair
        for name, rule, number in TABLE
        for term in terms_of(name, rule, number)
        for pair in ((name, term), (rule, term))
    }
    wanted = {(n, t) for n in LIFTABLE for t in applicable(n, "sgd", MODULE_TERMS)}
    wanted |= {(r, t) for r in RULE_TERMS for t in applicable("mlp", r, MODULE_TERMS)}

    assert set(RULE_TERMS) == set(RULES)
    assert {(name, rule) for name, rule, _ in TABLE} >= set(product(KINDS, RULES))
    assert not sorted(wanted - met)


@pytest.mark.parametrize(
    ("name", "rule"),
    [*product(KINDS, ("sgd", "adam")), *((name, ("sgd", "adam")[i % 2]) for i, name in enumerate(OTHERS))],
)
def test_a_trial_in_a_pack_equals_the_trial_alone_in_32_bits(name, rule):
    """To 1e-5 over 120 updates at small rates."""
    rate = {"sgd": 0.005, "adam": 0.0003}[rule]
    values = {"learning_rate": rate, "validate_every_steps": VALIDATE_EVERY, "batch_order": "shuffle_once"}
    packed, events, alone, own_events = alone_and_packed(name, rule, (), dtype=torch.float32, **values)

    assert weights_apart(packed, 1, alone, 0) < 1e-5
    assert curve_apart(events, 1, own_events, 0) < 1e-5


@pytest.mark.parametrize("name", ["mlp", "convolutional", "batch_norm", "attention"])
def test_a_trial_stops_where_it_stops_alone(name):
    """Patience runs out at the same update, and the best weights are those of the same validation."""
    values = {"learning_rate": 0.1, "validate_every_steps": 10, "patience_steps": 30, "stop_on": "error"}
    for k in (0, 1):
        packed, events, alone, own_events = alone_and_packed(name, "sgd", (), k=k, until=600, **values)
        improved = [e.step for e in events if isinstance(e, Validated) and e.improved[k]]

        assert ends(events, k) == [(step, reason) for step, reason in ends(own_events, 0)]
        assert ends(events, k)[0][1] == "patience"
        assert improved == [e.step for e in own_events if isinstance(e, Validated) and e.improved[0]]
        assert apart(packed.best_of(k), alone.best_of(0)) < 1e-8


@pytest.mark.parametrize(
    ("name", "rule"),
    [(n, r) for i, n in enumerate(LIFTABLE) for r in ("sgd", NAMES[1 + i % (len(NAMES) - 1)])],
)
def test_a_single_update_from_a_common_state_is_equal_where_training_is_wild(name, rule):
    """At a rate where rounding grows: the state of a pack goes on alone, and the state of a trial alone in a pack."""
    terms = terms_of(name, rule, LIFTABLE.index(name))
    task = case_task(name, terms)
    rate = 0.5 if RULE_TERMS[rule]["learning_rate"] > 0.01 else 0.05
    recipes = case_recipes(name, rule, terms, seeds=(1, 2, 3), learning_rate=rate)
    pack = Pack(recipes, task)
    for k, until in enumerate((5, 12, 30)):
        advance(pack, until)
        state = take(pack)
        alone = restore(task.alone(), state, keep=[k])
        back = restore(task, take(alone))
        for one in (pack, alone, back):
            advance(one, until + 1)

        assert apart(held(alone, 0), held(pack, k)) < 1e-10
        assert apart(held(back, 0), held(pack, k)) < 1e-10
