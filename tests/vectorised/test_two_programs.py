"""Our own perceptron by hand equals the same perceptron lifted: two programs, written apart, of one network."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.loop import untrained
from tests.oracles.module_packs import apart
from tests.oracles.problems import TASK_NAMES, advance, problem, small_recipe

from practicum.core.events import Validated
from practicum.training.lift.losses import named_loss
from practicum.training.lift.task import ModelTask
from practicum.training.pack import Pack

NUM_STEPS = 100
LOSSES = {
    "multiclass": "cross_entropy",
    "binary": "binary_cross_entropy",
    "regression": "squared_error",
}
MODES = {
    "sgd": {},
    "momentum": {"momentum": 0.9},
    "adam": {"update_rule": "adam", "learning_rate": 0.01, "stabiliser": 1e-3},
    "penalties": {"l1_penalty": (0.1, 0.2, 0.3), "l2_penalty": (0.3, 0.1, 0.2)},
    "clipping": {"clip_norm": 0.1, "momentum": 0.5},
    "adam, all": {
        "update_rule": "adam",
        "learning_rate": 0.01,
        "stabiliser": 1e-3,
        "clip_norm": 0.3,
        "l2_penalty": 0.2,
        "l1_penalty": 0.05,
        "l1_step": "proximal",
        "max_norm": 1.5,
        "layer_rate_multipliers": (0.5, 1.0, 2.0),
        "bias_rate_multiplier": 3.0,
        "averaging": 0.9,
    },
}


def as_module(data):
    """Return a task that lifts our own module on the same rows."""

    def laid_out(rows):
        y = rows.target.argmax(1) if data.task == "multiclass" else rows.target.double()
        return {"x": rows.x.double(), "y": y}

    def build(recipe):
        return untrained(data.network(recipe), recipe)

    loss = named_loss(LOSSES[data.task])
    return ModelTask(build, loss, None, laid_out(data.train), laid_out(data.valid))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", TASK_NAMES)
def test_the_program_by_hand_equals_the_lifted_one(task, mode):
    """The same initial weights and minibatches: weights and validation losses over 100 updates, in 64 bits."""
    data = problem(task)
    recipes = [
        small_recipe(
            **{**MODES[mode], "seed": seed, "learning_rate": share * MODES[mode].get("learning_rate", 0.1)}
        )
        for seed, share in ((0, 1.0), (1, 0.5), (1, 0.2))
    ]
    by_hand, lifted = data.pack(recipes, torch.float64), Pack(recipes, as_module(data))
    events, lifted_events = (
        [e for e in advance(pack, NUM_STEPS) if isinstance(e, Validated)] for pack in (by_hand, lifted)
    )

    assert len(events) == len(lifted_events) == 5
    for k in range(len(recipes)):
        assert apart(lifted.parameters.get(k), by_hand.parameters.get(k)) < 1e-10
        for one, other in zip(lifted_events, events, strict=True):
            assert abs(one.valid_loss[k] / other.valid_loss[k] - 1) < 1e-10
