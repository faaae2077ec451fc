"""Laws over drawn perceptrons: a trial's bits do not depend on its company, whatever the shape, the batch, the terms.

The table of chosen cases is in `test_bits.py`.
"""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.problems import (
    ACTIVATION_NAMES,
    TASK_NAMES,
    advance,
    problem,
    same_bits,
    same_numbers,
    small_recipe,
)
from tests.oracles.terms import TERMS

NUM_STEPS, VALIDATE_EVERY = 14, 5
RATES = (0.1, 0.03, 0.01, 0.3, 1e6)
FEW = settings(max_examples=40)

networks = st.fixed_dictionaries(
    {
        "hidden_sizes": st.lists(st.integers(1, 80), max_size=3).map(tuple),
        "activation": st.sampled_from(ACTIVATION_NAMES),
        "batch_size": st.integers(1, 70),
    }
)
terms = st.sampled_from(tuple(TERMS))
members = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(RATES)), min_size=2, max_size=9)
types = st.sampled_from((torch.float32, torch.float64))
tasks = st.builds(
    problem,
    st.sampled_from(TASK_NAMES),
    num_inputs=st.integers(1, 20),
    num_levels=st.sampled_from(((), (3,), (4, 7))),
)


def recipes_of(network, term, seeds_and_rates):
    """Return a recipe for each seed and rate; a list by layer is cut to the layers there are."""
    num_layers = len(network["hidden_sizes"]) + 1
    asked = {
        name: (value * 2)[:num_layers] if isinstance(value, tuple) else value
        for name, value in TERMS[term].items()
    }
    share = asked.pop("learning_rate", 0.1) * 10
    common = {**network, **asked, "validate_every_steps": VALIDATE_EVERY}
    return [small_recipe(**common, seed=seed, learning_rate=rate * share) for seed, rate in seeds_and_rates]


def trained(data, recipes, dtype):
    """Return a pack after training."""
    pack = data.pack(recipes, dtype)
    advance(pack, NUM_STEPS)
    return pack


def same_trial(one, k, other, j):
    """Return whether trial k of one pack and trial j of another have the same bits: at their best, and now.

    What a diverged trial is now depends on how long the others kept its pack going.
    """
    if one.alive[k] != other.alive[j] or not same_bits(one.best.get(k), other.best.get(j)):
        return False
    mine, theirs = one.update.tensors(), other.update.tensors()
    return not one.alive[k] or (
        same_bits(one.parameters.get(k), other.parameters.get(j))
        and all(same_numbers(mine[name][k], value[j]) for name, value in theirs.items())
    )


@FEW
@given(tasks, networks, terms, members, types, st.data())
def test_a_trial_has_the_same_bits_alone_packed_and_in_another_order(
    data, network, term, members, dtype, draw
):
    """One drawn trial alone, and all of them in another order."""
    recipes = recipes_of(network, term, members)
    whole = trained(data, recipes, dtype)
    order = draw.draw(st.permutations(range(len(recipes))))
    shuffled = trained(data, [recipes[k] for k in order], dtype)
    k = order[0]
    alone = trained(data, [recipes[k]], dtype)

    assert same_trial(alone, 0, whole, k)
    assert all(same_trial(shuffled, place, whole, trial) for place, trial in enumerate(order))


@FEW
@given(tasks, networks, terms, members, types, st.data())
def test_compaction_at_any_update_changes_no_bit(data, network, term, members, dtype, draw):
    """Some trials leave, the others train on."""
    recipes = recipes_of(network, term, members)
    count = len(recipes)
    leaving = draw.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count - 1))
    whole, pack = trained(data, recipes, dtype), data.pack(recipes, dtype)
    advance(pack, draw.draw(st.integers(0, NUM_STEPS)))
    ended = ~pack.alive
    pack.alive[list(leaving)] = False
    gone = leaving | {k for k in range(count) if ended[k]}
    if len(gone) == count:
        return
    pack.compact()
    advance(pack, NUM_STEPS)

    assert pack.trials == tuple(k for k in range(count) if k not in gone)
    assert all(same_trial(pack, place, whole, trial) for place, trial in enumerate(pack.trials))
