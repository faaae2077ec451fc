"""For any module: order of trials, size of the pack, compaction and a restart change a trial by rounding only.

Laws over drawn modules, rules, terms and histories, in 64 bits. (Our own perceptron keeps every bit: test_bits.py.)
"""

from __future__ import annotations

import json

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.oracles.module_packs import apart, applicable, case_recipes, case_task, held, weights_apart
from tests.oracles.modules import LIFTABLE
from tests.oracles.problems import advance
from tests.oracles.terms import RULE_TERMS, TOGETHER

from practicum.training.pack import Pack
from practicum.training.snapshot import Snapshot, restore, take

SEEDS, NUM_STEPS, TOLERANCE = (1, 2, 2, 3), 24, 1e-10
FEW = settings(max_examples=15)

cases = st.sampled_from(LIFTABLE)
rules = st.sampled_from(tuple(RULE_TERMS))
sets_of_terms = st.sampled_from(TOGETHER)


def made(name, rule, terms):
    """Return the task of a case and four recipes of one structure."""
    terms = applicable(name, rule, terms)
    recipes = case_recipes(name, rule, terms, seeds=SEEDS, validate_every_steps=8)
    return case_task(name, terms), recipes


def trained(recipes, task):
    """Return a pack after training."""
    pack = Pack(recipes, task)
    advance(pack, NUM_STEPS)
    return pack


@FEW
@given(cases, rules, sets_of_terms, st.permutations(range(len(SEEDS))), st.integers(1, len(SEEDS)))
def test_order_and_size_of_the_pack_do_not_matter(name, rule, terms, order, count):
    """Any of the trials in any order."""
    task, recipes = made(name, rule, terms)
    whole, part = trained(recipes, task), trained([recipes[k] for k in order[:count]], task)

    assert all(weights_apart(part, place, whole, k) < TOLERANCE for place, k in enumerate(order[:count]))


@FEW
@given(
    cases, rules, sets_of_terms, st.sets(st.integers(0, 3), min_size=1, max_size=3), st.integers(0, NUM_STEPS)
)
@example("frozen", "momentum", TOGETHER[0], {0}, 9)
@example("batch_norm", "adam", TOGETHER[1], {0, 2}, 17)
@example("replaced_buffer", "adagrad", TOGETHER[2], {1}, 9)
@example("own_dropout_rates", "schedule_free_adamw", TOGETHER[0], {0, 1}, 9)
def test_compaction_does_not_matter(name, rule, terms, leaving, at):
    """Some trials leave at any update; the others train on as if they had stayed."""
    task, recipes = made(name, rule, terms)
    whole, pack = trained(recipes, task), Pack(recipes, task)
    advance(pack, at)
    pack.alive[list(leaving)] = False
    pack.compact()
    advance(pack, NUM_STEPS)

    assert pack.trials == tuple(k for k in range(len(SEEDS)) if k not in leaving)
    assert all(weights_apart(pack, place, whole, k) < TOLERANCE for place, k in enumerate(pack.trials))


@FEW
@given(cases, rules, sets_of_terms, st.integers(0, NUM_STEPS), st.permutations(range(4)), st.integers(1, 4))
def test_a_restart_does_not_matter(name, rule, terms, at, order, count):
    """Read back at any update, all trials or some of them in any order; whole, it goes on with the same bits."""
    task, recipes = made(name, rule, terms)
    whole = Pack(recipes, task)
    advance(whole, at)
    snapshot = take(whole)
    snapshot = Snapshot(json.loads(json.dumps(snapshot.meta)), snapshot.tensors)
    again, part = restore(task, snapshot), restore(task, snapshot, keep=order[:count])
    for pack in (whole, again, part):
        advance(pack, NUM_STEPS)

    for k in range(len(SEEDS)):
        mine, theirs = held(again, k), held(whole, k)
        assert all(torch.equal(mine[n], value) for n, value in theirs.items())
        assert apart(again.best_of(k), whole.best_of(k)) == 0
    assert all(weights_apart(part, place, whole, k) < TOLERANCE for place, k in enumerate(order[:count]))
