"""K trials of a user's module equal a plain PyTorch loop for each, step by step: the twin is `oracles/module_loop.py`.

In float64, over runs in which rounding stays rounding.
"""

from __future__ import annotations

import pytest
from tests.oracles.module_loop import train
from tests.oracles.module_packs import SMALLEST, apart, applicable, case_recipes, case_task
from tests.oracles.modules import LIFTABLE
from tests.oracles.problems import advance
from tests.oracles.terms import RULE_TERMS, TOGETHER

from practicum.core.events import Validated
from practicum.training.pack import Pack

NUM_STEPS, VALIDATE_EVERY, TOLERANCE = 60, 20, 1e-9
RULES = tuple(RULE_TERMS)


def check_twins(name, rule, terms, seeds=(1, 2, 2), num_steps=NUM_STEPS, **values):
    """Assert that each trial of a pack ends where its plain loop ends, along the same curve."""
    terms = applicable(name, rule, terms)
    task = case_task(name, terms)
    recipes = case_recipes(name, rule, terms, seeds=seeds, validate_every_steps=VALIDATE_EVERY, **values)
    pack = Pack(recipes, task)
    events = [e for e in advance(pack, num_steps) if isinstance(e, Validated)]
    predicting = pack.update.predicting()

    for k, recipe in enumerate(recipes):
        twin = train(task, recipe, num_steps)
        buffers = {n: value[k] for n, value in pack.program.buffers.items()}
        assert apart(pack.parameters.get(k), twin.parameters) < TOLERANCE
        assert apart(predicting.get(k), twin.predicting) < TOLERANCE
        assert not buffers or apart(buffers, twin.buffers) < TOLERANCE
        assert len(events) == len(twin.curve)
        for event, loss in zip(events, twin.curve, strict=True):
            assert abs(event.valid_loss[k] - loss) < TOLERANCE * max(abs(loss), SMALLEST)


@pytest.mark.parametrize("name", LIFTABLE)
def test_trials_of_any_module_equal_a_plain_loop(name):
    """At rules and terms that change from module to module; three trials that differ in every number."""
    place = LIFTABLE.index(name)

    check_twins(name, RULES[place % len(RULES)], TOGETHER[(place + place // len(RULES)) % len(TOGETHER)])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("terms", TOGETHER, ids="-".join)
def test_any_rule_and_term_equals_a_plain_loop(rule, terms):
    """A small module, so that every rule meets every term; trials of one seed, which see the same minibatches."""
    check_twins("mlp", rule, terms, seeds=(3, 3), num_steps=40)


@pytest.mark.parametrize(
    "values",
    [
        {"penalise_biases": True, "l1_penalty": (0.1, 0.05), "l2_penalty": (0.2, 0.4)},
        {"init_scale": 0.7, "batch_order": "shuffle_once"},
        {"schedule": "inverse", "decay_rate": 0.01, "batch_order": "fixed"},
        {"schedule": "linear", "schedule_steps": 50, "final_rate_ratio": 0.1},
        {"sparsity_penalty": 0.1, "sparsity_form": "target"},
        {"sparsity_penalty": 0.1, "sparsity_form": "student_t"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_what_else_a_recipe_may_ask_equals_a_plain_loop(values):
    """Penalties by layer and on biases, scale of the weights, order of examples, sparse activations."""
    check_twins("mlp", "sgd", (), **values)
