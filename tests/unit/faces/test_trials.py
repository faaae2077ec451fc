"""Facts about a trial as a user gets it."""

import pytest
import torch
from torch import nn

from practicum.core.errors import ConfigError
from practicum.faces.trials import Trial
from practicum.recipe import Recipe


def trial_of(build, weights):
    """Return a trial with these weights."""
    numbers = {"num_steps": 1, "best_step": 1, "train_loss": 0.0, "valid_loss": 0.0, "valid_error": 0.0}
    return Trial(
        number=0,
        recipe=Recipe(),
        status="num_steps",
        reason="",
        weights=weights,
        curve=None,
        build=build,
        **numbers,
    )


def test_the_module_has_the_weights_and_is_in_evaluation_mode():
    """A new one each time, buffers included."""
    trained = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Dropout(0.5))
    trained[1].running_mean.fill_(7.0)
    trial = trial_of(
        lambda recipe: nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Dropout(0.5)),
        trained.state_dict(),
    )
    one, other = trial.module(), trial.module()
    x = torch.ones(4, 2)

    assert one is not other
    assert not one.training
    assert torch.equal(one(x), trained.eval()(x))


def test_tied_weights_stay_tied():
    """A tied parameter has one name among the weights."""

    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = nn.Linear(3, 3), nn.Linear(3, 3)
            self.two.weight = self.one.weight

        def forward(self, x):
            return self.two(self.one(x))

    weights = {name: torch.full_like(p, 0.5) for name, p in Tied().named_parameters()}
    module = trial_of(lambda recipe: Tied(), weights).module()

    assert module.two.weight is module.one.weight
    assert (module.two.weight == 0.5).all()


def test_a_trial_that_was_never_trained_gives_no_module():
    """Rather than a random one."""
    with pytest.raises(ConfigError, match="trial 0 has no weights"):
        trial_of(lambda recipe: nn.Linear(1, 1), {}).module()


def test_its_representation_is_short():
    """No tensors; of the recipe only what differs from the defaults."""
    text = repr(trial_of(lambda recipe: nn.Linear(1, 1), {}))

    assert "recipe=Recipe()" in text
    assert len(text) < 250
