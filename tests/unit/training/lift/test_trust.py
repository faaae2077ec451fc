"""Facts about when a lift is trusted."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from tests.oracles.modules import LIFTABLE, REFUSED, ZOO, Decides, of, zoo_recipes
from torch import nn

from practicum.core.errors import ConfigError, ShapeError
from practicum.training.lift.instance import instances
from practicum.training.lift.trust import check_lift

BY_VALUE = ("liar_views", "liar_encloses", "liar_caches", "liar_counts", "liar_counts_for_all", "liar_listed")


def reason(task, count=2, **values):
    """Return why the trials of a task cannot be lifted."""
    recipes = zoo_recipes(count, dropout=0.3, **values)
    return check_lift(task, recipes, instances(task, recipes))


@pytest.mark.parametrize("name", LIFTABLE)
def test_what_can_be_lifted_is_trusted(name):
    """In single and in double precision."""
    assert reason(ZOO[name].task()) is None
    assert reason(ZOO[name].task(torch.float64)) is None


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_lifted_is_found(name):
    """The reason says what it is, in plain words."""
    found = reason(ZOO[name].task())

    assert found is not None
    assert any(words in found for words in ZOO[name].refused.split("|"))


@pytest.mark.parametrize("name", BY_VALUE)
def test_a_liar_is_caught_where_there_is_one_recipe(name):
    """It is compared at two different sets of parameters all the same."""
    assert reason(ZOO[name].task(), count=1) is not None


@pytest.mark.parametrize("name", ["mlp", "dropout"])
def test_one_recipe_is_enough_to_be_trusted(name):
    """A pack may come to hold one trial."""
    assert reason(ZOO[name].task(), count=1) is None


def test_noise_and_penalties_are_part_of_the_check():
    """With all of them on, a sound module is trusted."""
    assert (
        reason(ZOO["prelu"].task(), corruption_level=0.2, label_smoothing=0.1, sparsity_penalty=0.1) is None
    )


def test_the_check_moves_nothing():
    """Neither the modules nor the global generator."""
    task, recipes = ZOO["batch_norm"].task(), zoo_recipes(2)
    modules = instances(task, recipes)
    state, weights = torch.get_rng_state(), [value.clone() for value in modules[0].state_dict().values()]
    check_lift(task, recipes, modules)

    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(a, b) for a, b in zip(modules[0].state_dict().values(), weights, strict=True))


class OnlyTraining(Decides):
    """Decides by its weights in eval mode only."""

    def forward(self, x):
        h = self.one(x)
        return self.out(h.tanh() if self.training or h.mean() > 0 else h)


def test_eval_mode_is_checked_too():
    """A module may lift in training only."""
    assert "decides" in reason(ZOO["mlp"].task(build=of(OnlyTraining)))


class Steep(Decides):
    """Magnifies rounding beyond the tolerance of single precision."""

    def forward(self, x):
        return self.out((self.one(x) * 1e4).sin())


def test_rounding_is_told_from_a_lie():
    """What looks wrong in single precision is looked at again in double."""
    assert reason(ZOO["mlp"].task(build=of(Steep))) is None


def test_a_module_that_cannot_run_at_all_is_an_error():
    """The plain module fails already; torch's own error is chained."""
    with pytest.raises(
        ConfigError, match="on a minibatch of 8 rows, but raised RuntimeError: mat1 and mat2"
    ) as caught:
        reason(ZOO["mlp"].task(build=lambda recipe: nn.Linear(4, 3)))

    assert isinstance(caught.value.__cause__, RuntimeError)


def test_a_wrong_loss_is_an_error():
    """Its own message reaches the user."""
    with pytest.raises(ShapeError, match="reduction='none'"):
        reason(ZOO["mlp"].task(loss=lambda model, batch: F.cross_entropy(model(batch["x"]), batch["y"])))
