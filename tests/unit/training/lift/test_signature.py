"""Facts about what modules of one pack must share."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.modules import LIFTABLE, ZOO, Decides, zoo_recipes
from torch import nn

from practicum.training.lift.instance import instances
from practicum.training.lift.signature import difference, signature, state_change


@pytest.mark.parametrize("name", LIFTABLE)
def test_trials_of_one_build_have_one_signature(name):
    """Weights, and rates of dropout modules, may differ."""
    one, other = instances(ZOO[name].task(), [r.changed(dropout=0.1 * r.seed) for r in zoo_recipes(2)])

    assert difference(one, other) == ""
    assert signature(one) == signature(other)
    assert hash(signature(one)) == hash(signature(other))


class Own(nn.Module):
    """Holds whatever it is given."""

    def __init__(self, **values):
        super().__init__()
        self.layer = nn.Linear(2, 2)
        for name, value in values.items():
            setattr(self, name, value)


def tied():
    """Return two layers that share a weight."""
    module = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    module[1].weight = module[0].weight
    return module


def frozen():
    """Return two layers, one of which does not learn."""
    module = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    module[1].weight.requires_grad_(False)
    return module


PLAIN = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (
            nn.Sequential(nn.LeakyReLU(0.1)),
            nn.Sequential(nn.LeakyReLU(0.9)),
            "0.negative_slope: 0.1 against 0.9",
        ),
        (
            nn.Sequential(nn.ReLU()),
            nn.Sequential(nn.Tanh()),
            "0.(class): torch.nn.modules.activation.ReLU against",
        ),
        (nn.Linear(2, 2), nn.Linear(2, 3), "weight: 2 × 2 of float32 against 3 × 2 of float32"),
        (nn.Linear(2, 2), nn.Linear(2, 2).double(), "float64"),
        (nn.Linear(2, 2), nn.Linear(2, 2).eval(), "training: True against False"),
        (PLAIN, tied(), "1.weight"),
        (PLAIN, frozen(), "1.weight"),
        (nn.BatchNorm1d(2), nn.BatchNorm1d(2, eps=0.1), "eps: 1e-05 against 0.1"),
        (Own(sizes=[1, 2]), Own(sizes=[1, 3]), "sizes.1: 2 against 3"),
        (Own(options={"a": {"b": 1}}), Own(options={"a": {"b": 2}}), "options.a.b: 1 against 2"),
        (
            Own(scale=torch.ones(2)),
            Own(scale=torch.zeros(2)),
            "scale: [1.0, 1.0] of shape (2,) against [0.0, 0.0]",
        ),
        (Own(a=1), Own(), "a: 1 against nothing"),
        (Own(), Own(a=1), "a: nothing against 1"),
    ],
)
def test_the_first_difference_is_named(one, other, words):
    """A path, and both values."""
    assert words in difference(one, other)
    assert signature(one) != signature(other)


def test_a_recipe_that_differs_is_named_by_its_setting():
    """Who keeps the recipe in the module learns which setting tells the trials apart."""
    one, other = zoo_recipes(2)

    assert difference(Own(recipe=one), Own(recipe=other)) == "recipe.seed: 0 against 1"


def test_hooks_count():
    """A module with a hook is not one without."""
    hooked = nn.Linear(2, 2)
    hooked.register_forward_hook(lambda module, inputs, output: output * 2)

    assert "_forward_hooks" in difference(hooked, nn.Linear(2, 2))


def test_a_class_defined_in_build_is_compared_by_code():
    """Two classes of one text are one; what they close over counts."""

    def build(factor):
        class Net(Decides):
            def forward(self, x):
                return self.one(x) * factor

        return Net()

    assert difference(build(1), build(1)) == ""
    assert difference(build(1), build(2)) == "(class).forward.factor: 1 against 2"


def test_a_module_that_counts_has_changed():
    """A counter is state that no checkpoint holds."""
    module = Own(calls=0)
    before = signature(module)
    module.calls += 1

    assert state_change(before, signature(module)) == "calls: 0 against 1"


@pytest.mark.parametrize("values", [{}, {"seen": None}])
def test_a_tensor_left_to_look_at_is_no_change(values):
    """Many modules keep their last attention."""
    module = Own(**values)
    before = signature(module)
    module.seen = torch.ones(2)

    assert state_change(before, signature(module)) == ""


def test_a_part_used_twice_is_told_from_two_parts():
    """The second place refers to the first."""
    layer = nn.Linear(2, 2)

    assert difference(nn.Sequential(layer, layer), PLAIN) != ""


def test_a_tensor_that_changes_is_a_change():
    """It was there before and may be used."""
    module = Own(seen=torch.ones(2))
    before = signature(module)
    module.seen = torch.zeros(2)

    assert "seen" in state_change(before, signature(module))
