"""Facts about packs written down and read back."""

import json

import pytest
import torch
from tests.oracles.problems import advance, problem, same_numbers, small_recipe

from practicum.training.snapshot import Snapshot, restore, take

MODES = {
    "plain": {},
    "adam": {"update_rule": "adam", "learning_rate": 0.01, "clip_norm": 1.0},
    "everything": {
        "momentum": 0.9,
        "initial_momentum": 0.5,
        "averaging": 0.9,
        "decay_start_step": "auto",
        "significant_only": True,
        "dropout": 0.2,
        "corruption_level": 0.1,
        "l1_penalty": 0.1,
        "l1_step": "proximal",
    },
    "schedule-free": {"update_rule": "schedule_free_adamw", "learning_rate": 0.01},
}


def through_json(snapshot):
    """Return the snapshot after its plain part went through a file."""
    return Snapshot(json.loads(json.dumps(snapshot.meta)), snapshot.tensors)


def recipes(mode):
    """Return three recipes, one of which will stop early."""
    return [small_recipe(seed=k, num_steps=90 if k == 1 else None, **MODES[mode]) for k in range(3)]


@pytest.mark.parametrize("at", [0, 40, 75, 100])
@pytest.mark.parametrize("mode", MODES)
def test_a_pack_read_back_goes_on_with_the_same_bits(mode, at):
    """Between validations, at one, after a trial has ended: weights, bests and events agree."""
    data = problem("multiclass")
    whole = data.pack(recipes(mode))
    advance(whole, at)
    again = restore(whole.task, through_json(take(whole)))
    expected, found = advance(whole, 160), advance(again, 160)

    assert [repr(event) for event in found] == [repr(event) for event in expected]
    assert same_numbers(again.best.flat, whole.best.flat)
    assert same_numbers(again.parameters.flat, whole.parameters.flat)


def test_a_snapshot_is_a_copy():
    """Training on changes nothing in it."""
    pack = problem("binary").pack([small_recipe()])
    advance(pack, 30)
    snapshot = take(pack)
    before = {name: value.clone() for name, value in snapshot.tensors.items()}
    advance(pack, 100)

    assert all(torch.equal(snapshot.tensors[name], value) for name, value in before.items())


def test_some_of_the_trials_can_be_read_back_alone():
    """So that a pack that was too large for the memory goes on as two."""
    data = problem("multiclass")
    whole = data.pack(recipes("everything"), trials=[4, 5, 6])
    advance(whole, 50)
    part = restore(whole.task, take(whole), keep=[2, 0])
    advance(whole, 120)
    advance(part, 120)

    assert part.trials == (6, 4)
    for position, k in enumerate((2, 0)):
        assert all(torch.equal(part.best_of(position)[n], v) for n, v in whole.best_of(k).items())


def test_everything_in_a_snapshot_is_plain():
    """JSON and tensors with the trial axis first: nothing that would need pickle."""
    snapshot = take(problem("binary").pack(recipes("everything")))

    assert json.loads(json.dumps(snapshot.meta)) == snapshot.meta
    assert {value.shape[0] for value in snapshot.tensors.values()} == {3}
