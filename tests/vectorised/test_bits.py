"""A trial has the same bits alone, packed, re-ordered, compacted, in rungs, and on any number of workers.

Promised for one thread a worker; widths may lie on the grid or off it. Every comparison is of all bits.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.oracles.problems import (
    ACTIVATION_NAMES,
    TASK_NAMES,
    advance,
    problem,
    same_bits,
    same_numbers,
    small_recipe,
)
from tests.oracles.runs import side_by_side
from tests.oracles.terms import TERMS

from practicum.core.record import Record

MODES = {**TERMS, "automatic decay": {"decay_start_step": "auto", "decay_threshold": 0.5}}
NUM_STEPS = 60
MEMBERS = ((0, 0.1), (1, 0.03), (0, 0.05), (0, 1e6), (2, 0.1))  # seed and rate; one of them diverges


def members(**values):
    """Return the recipes of a pack in which seeds and rates differ and one trial diverges."""
    factor = 10 * values.get("learning_rate", 0.1)
    return [
        small_recipe(**{**values, "seed": seed, "learning_rate": rate * factor}) for seed, rate in MEMBERS
    ]


def trained(data, recipes, until=NUM_STEPS):
    """Return a pack after training, and its events."""
    pack = data.pack(recipes)
    return pack, advance(pack, until)


def same_trial(one, k, other, j):
    """Return whether trial k of one pack and trial j of another have the same weights and the same best."""
    return all(
        same_bits(getattr(one, kept).get(k), getattr(other, kept).get(j)) for kept in ("parameters", "best")
    )


def check_company_does_not_matter(data, recipes):
    """Assert that each trial has the same bits alone, in the whole pack, and in a pack re-ordered."""
    whole, _ = trained(data, recipes)
    order = [4, 2, 0, 3, 1]
    shuffled, _ = trained(data, [recipes[k] for k in order])
    assert all(same_trial(shuffled, place, whole, k) for place, k in enumerate(order))
    for k in (0, 1, 2):
        alone, _ = trained(data, [recipes[k]])
        assert same_trial(alone, 0, whole, k)


@pytest.mark.parametrize("hidden_sizes", [(48, 20), (32, 16)])
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize("task", TASK_NAMES)
def test_company_does_not_matter_for_any_activation(task, activation, hidden_sizes):
    """Alone, packed with others, packed in another order: widths on the grid and off it."""
    check_company_does_not_matter(problem(task), members(activation=activation, hidden_sizes=hidden_sizes))


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
@pytest.mark.parametrize("mode", MODES)
def test_company_does_not_matter_for_any_term_of_the_update(mode, num_levels):
    """With and without embeddings."""
    check_company_does_not_matter(
        problem("multiclass", num_levels=num_levels), members(hidden_sizes=(48, 20), **MODES[mode])
    )


@pytest.mark.parametrize("batch_size", [1, 4, 7, 12, 20, 32])
@pytest.mark.parametrize("task", TASK_NAMES)
def test_company_does_not_matter_for_any_batch(task, batch_size):
    """Batches on the grid and off it."""
    check_company_does_not_matter(problem(task), members(batch_size=batch_size, hidden_sizes=(48, 20)))


@pytest.mark.parametrize("hidden_sizes", [(), (1,), (7,), (33, 17, 5)])
@pytest.mark.parametrize("task", TASK_NAMES)
def test_company_does_not_matter_for_odd_shapes(task, hidden_sizes):
    """A linear model, a single unit, prime widths."""
    check_company_does_not_matter(problem(task, num_inputs=13), members(hidden_sizes=hidden_sizes))


@pytest.mark.parametrize("task", TASK_NAMES)
def test_what_is_measured_has_the_same_bits_too(task):
    """Training loss, validation loss and error of a trial do not depend on its neighbours."""
    data, recipes = problem(task, num_valid=77), members()
    _, packed = trained(data, recipes)
    for k in (0, 1, 2):
        _, alone = trained(data, [recipes[k]])
        for one, other in zip(
            *([e for e in events if hasattr(e, "valid_loss")] for events in (packed, alone)), strict=True
        ):
            for name in ("train_loss", "valid_loss", "valid_error", "improved", "learning_rate"):
                np.testing.assert_array_equal(getattr(one, name)[k], getattr(other, name)[0])


@pytest.mark.parametrize("task", TASK_NAMES)
def test_a_diverged_neighbour_changes_no_bit(task):
    """Whether the fourth trial explodes at rate 1e6 or learns, the others do not notice."""
    data, recipes = problem(task), members()
    calm = [recipe.changed(learning_rate=min(recipe.learning_rate, 0.2)) for recipe in recipes]
    stormy_pack, _ = trained(data, recipes)
    calm_pack, _ = trained(data, calm)

    assert not stormy_pack.alive[3]
    assert calm_pack.alive.all()
    assert all(same_trial(stormy_pack, k, calm_pack, k) for k in (0, 1, 2, 4))


@pytest.mark.parametrize("mode", ["plain", "all", "everything", "schedule-free adamw"])
def test_compaction_changes_no_bit(mode):
    """Compacted as soon as somebody leaves, down to a lone survivor, or never."""
    data, recipes = problem("binary"), members(**MODES[mode])
    whole, _ = trained(data, recipes, 100)
    pack = data.pack(recipes)
    for until, leaving in ((25, ()), (30, (4,)), (50, (1, 2)), (100, ())):
        advance(pack, until)
        pack.alive[[trial in leaving for trial in pack.trials]] = False
        pack.compact()

    assert pack.trials == (0,)
    assert same_trial(pack, 0, whole, 0)


@pytest.mark.parametrize("mode", ["plain", "momentum", "automatic decay", "everything"])
def test_rungs_change_no_bit(mode):
    """One rung of 100 updates or a hundred of one."""
    data, recipes = problem("multiclass"), members(**MODES[mode])
    whole, _ = trained(data, recipes, 100)
    pieces = data.pack(recipes)
    for until in range(1, 101):
        advance(pieces, until)

    assert same_numbers(pieces.parameters.flat, whole.parameters.flat)
    assert same_numbers(pieces.best.flat, whole.best.flat)


@pytest.mark.parametrize("mode", MODES)
def test_the_number_of_workers_changes_no_bit(mode):
    """One, two or three workers deal the trials out otherwise and compact at other times; the results are equal."""
    data = problem("binary")
    recipes = [recipe.changed(num_steps=100) for recipe in members(**MODES[mode])]
    outcomes = []
    for num_workers in (1, 2, 3):
        record = Record()
        results = side_by_side(recipes, data.laid_out(recipes[0]), num_workers, record)
        outcomes.append((results, record.frame()))
    results, frame = outcomes[0]

    for others, other_frame in outcomes[1:]:
        assert other_frame.equals(frame)
        for one, other in zip(results, others, strict=True):
            assert same_bits(one.weights, other.weights)
            assert repr((one.status, one.num_steps, one.best_step, one.train_loss, one.rank)) == repr(
                (other.status, other.num_steps, other.best_step, other.train_loss, other.rank)
            )


def test_the_same_run_again_has_the_same_bits():
    """Nothing hidden is carried from one run to the next."""
    data, recipes = problem("regression"), members()
    first, events = trained(data, recipes)
    torch.manual_seed(1)
    again, events_again = trained(data, recipes)

    assert same_numbers(first.parameters.flat, again.parameters.flat)
    assert repr(events) == repr(events_again)


def test_another_seed_is_another_run():
    """Initial values and the order of examples both follow it."""
    data = problem("regression")
    one, _ = trained(data, [small_recipe(seed=0)])
    other, _ = trained(data, [small_recipe(seed=1)])

    for name in ("layers.0.weight", "layers.1.weight", "layers.2.weight", "layers.2.bias"):
        assert not torch.isclose(one.parameters.get(0)[name], other.parameters.get(0)[name]).all()


def test_weights_follow_the_schedule_that_was_found():
    """A run whose τ is given from the start has the same bits as the run that found it."""
    data = problem("binary")
    found = data.pack([small_recipe(decay_start_step="auto", decay_threshold=0.99)])
    given_ = data.pack([small_recipe(decay_start_step=50)])
    advance(found, 120)
    advance(given_, 120)

    assert same_numbers(found.parameters.flat, given_.parameters.flat)
