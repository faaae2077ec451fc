"""Facts about building one module a trial."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.modules import ZOO, zoo_recipes
from torch import nn

from practicum.core.errors import ConfigError
from practicum.training.lift.instance import instances

TASK = ZOO["mlp"].task()


def built(build, **values):
    """Return the module of one recipe."""
    return instances(ZOO["mlp"].task(build=build), zoo_recipes(1, **values))[0]


def test_the_same_recipe_gives_the_same_module():
    """Every weight has the same bits."""
    one, other = instances(TASK, zoo_recipes(1) * 2)

    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_another_seed_gives_another_module():
    """The weights differ."""
    one, other = instances(TASK, zoo_recipes(2))

    assert not torch.equal(one[0].weight, other[0].weight)


def test_building_moves_no_global_generator():
    """What else draws random numbers draws the same as without."""
    before = torch.get_rng_state()
    instances(TASK, zoo_recipes(2))

    assert torch.equal(torch.get_rng_state(), before)


def test_the_initial_scale_multiplies_weights_only():
    """Biases stay as built, weights are halved."""
    one, other = built(ZOO["mlp"].build), built(ZOO["mlp"].build, init_scale=0.5)

    assert torch.equal(other[0].weight, one[0].weight / 2)
    assert torch.equal(other[0].bias, one[0].bias)


def test_the_initial_scale_leaves_frozen_weights_alone():
    """What does not learn is not initialised by us."""
    one, other = built(ZOO["frozen"].build), built(ZOO["frozen"].build, init_scale=0.5)

    assert torch.equal(other.below.weight, one.below.weight)


def test_a_build_that_raises_names_the_trial():
    """The user's own error is chained."""

    def build(recipe):
        if recipe.seed == 1:
            raise KeyError("width")
        return nn.Linear(2, 2)

    with pytest.raises(ConfigError, match=r"raised KeyError: 'width' \(trial 1\)") as caught:
        instances(ZOO["mlp"].task(build=build), zoo_recipes(2))

    assert isinstance(caught.value.__cause__, KeyError)


def mixed(recipe):
    """Return a module of two types of parameters."""
    return nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2).double())


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda recipe: None, "must return a torch.nn.Module, but got NoneType"),
        (lambda recipe: nn.ReLU(), "with trainable parameters, but got none"),
        (mixed, "one floating-point type, but got torch.float32, torch.float64"),
        (lambda recipe: nn.LazyLinear(2), "but got lazy ones"),
    ],
)
@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_a_module_that_cannot_be_trained_is_refused(build, message):
    """The message says what is wrong with it."""
    with pytest.raises(ConfigError, match=message):
        built(build)


def test_a_module_that_two_trials_share_is_copied_for_each():
    """A pretrained net that `build` hands out again and again is where each trial starts, and stays as it is."""
    shared = nn.Linear(5, 3)
    before = shared.weight.detach().clone()
    one, other = instances(ZOO["mlp"].task(build=lambda recipe: shared), zoo_recipes(2))
    with torch.no_grad():
        one.weight.zero_()

    assert torch.equal(shared.weight, before)
    assert torch.equal(other.weight, before)


def test_a_shared_module_that_cannot_be_copied_is_refused():
    """A function has closed over its weights, which could be only one trial's."""
    shared = nn.Linear(5, 3)
    shared.curve = lambda x: x @ shared.weight.T

    with pytest.raises(ConfigError, match=r"a new module every time.*\(trial 1\)"):
        instances(ZOO["mlp"].task(build=lambda recipe: shared), zoo_recipes(2))


def test_frozen_parts_may_be_shared():
    """A fixed part under a new head is common."""
    fixed = nn.Linear(5, 4).requires_grad_(False)

    assert (
        len(instances(ZOO["mlp"].task(build=lambda r: nn.Sequential(fixed, nn.Linear(4, 3))), zoo_recipes(2)))
        == 2
    )
