"""Facts about the way from gradients to new parameters; the terms themselves are checked against the slow twins."""

import pytest
import torch
from tests.oracles.problems import advance, problem, small_recipe, update_once

from practicum.training.update import descends, rule_of


@pytest.mark.parametrize(
    ("values", "rule", "plain"),
    [
        ({}, "sgd", True),
        ({"l2_penalty": 0.1, "max_norm": 1.0, "averaging": 0.9}, "sgd", True),
        ({"clip_norm": 1.0}, "sgd", False),
        ({"bias_rate_multiplier": 2.0}, "sgd", False),
        ({"momentum": 0.5}, "momentum", False),
        ({"momentum": 0.5, "nesterov": True}, "nesterov", False),
        ({"update_rule": "adam"}, "adam", False),
    ],
)
def test_only_plain_descent_stores_no_gradient(values, rule, plain):
    """What a recipe asks for decides, and nothing else (decision 0003)."""
    recipe = small_recipe(**values)

    assert (rule_of(recipe), descends(recipe)) == (rule, plain)


def test_both_ways_of_plain_descent_agree():
    """A clip that never bites takes the stored way."""
    data = problem("multiclass")
    direct, stored = (data.pack([small_recipe(clip_norm=c)], torch.float64) for c in (None, 1e9))
    advance(direct, 50)
    advance(stored, 50)

    torch.testing.assert_close(direct.parameters.flat, stored.parameters.flat, atol=1e-12, rtol=0)


@pytest.mark.parametrize("rule", ["sgd", "adam", "schedule_free_sgd"])
def test_a_rate_counts_from_the_update_it_was_planned_for(rule):
    """With rate zero nothing moves, whatever the rule."""
    pack = problem("binary").pack([small_recipe(update_rule=rule), small_recipe(update_rule=rule)])
    before = pack.parameters.get(0), pack.parameters.get(1)
    update_once(pack, torch.arange(16), 0, rates=[0.0, 0.1])

    assert all(torch.equal(value, before[0][name]) for name, value in pack.parameters.get(0).items())
    assert not torch.equal(pack.parameters.get(1)["layers.2.bias"], before[1]["layers.2.bias"])


def test_what_lasts_is_named_and_can_be_loaded():
    """State and averages by name, the trial axis first; loading puts every bit back."""
    pack = problem("binary").pack([small_recipe(update_rule="adam", averaging=0.9, seed=k) for k in (0, 1)])
    advance(pack, 30)
    kept = {name: value.clone() for name, value in pack.update.tensors().items()}
    advance(pack, 60)
    pack.update.load_(kept)

    assert {name.split("/")[0] for name in kept} == {"state", "average"}
    assert all(len(value) == 2 for value in kept.values())
    assert all(torch.equal(pack.update.tensors()[name], value) for name, value in kept.items())
