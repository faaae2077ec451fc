"""Facts about `practicum.adapt_rate`: what it takes, what it refuses, what it gives back."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import practicum
from practicum.core.errors import ConfigError, DivergedError

X = torch.linspace(-1, 1, 120)[:, None]
DATA = {"x": X, "y": X**2}


def build(recipe):
    """Return a small network."""
    return nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))


def adapted(recipe=None, build=build, **options):
    """Return a short trial that begins with a rate far too small."""
    full = {"num_steps": 60, "batch_size": 8, "learning_rate": 1e-4, **(recipe or {})}
    usual = {"loss": "squared_error", "every_steps": 10, "subset_rows": 40}
    return practicum.adapt_rate(build, DATA, full, **{**usual, **options})


def test_a_rate_too_small_grows():
    """The curve says how; the trial is one like any other."""
    trial = adapted()
    rates = trial.curve["learning_rate"].to_list()
    (plain,) = practicum.train(build, DATA, [trial.recipe], loss="squared_error", workers=1)

    assert rates[-1] > 100 * rates[0]
    assert trial.valid_loss < plain.valid_loss
    assert (trial.number, trial.status, trial.num_steps) == (0, "num_steps", 60)
    assert trial.module()(X).shape == (120, 1)


def test_with_the_present_rate_alone_it_is_plain_training():
    """The very numbers of `practicum.train`."""
    trial = adapted(factors=[1.0])
    (plain,) = practicum.train(build, DATA, [trial.recipe], loss="squared_error", workers=1)

    assert trial.valid_loss == pytest.approx(plain.valid_loss, rel=1e-5)
    assert trial.train_loss == pytest.approx(plain.train_loss, rel=1e-5)


def test_a_module_that_cannot_be_lifted_is_tried_one_by_one():
    """And it is said why."""

    class Deciding(nn.Module):
        def __init__(self):
            super().__init__()
            self.one = nn.Linear(1, 1)

        def forward(self, x):
            return self.one(x) if x.sum() > -1e9 else self.one(-x)

    with pytest.warns(UserWarning, match="Rates are tried one by one: the module"):
        trial = adapted(build=lambda recipe: Deciding())

    assert trial.curve["learning_rate"][-1] > 1e-3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every_steps": 0}, "`every_steps` must be"),
        ({"subset_rows": "many"}, "`subset_rows` must be"),
        ({"factors": ()}, "`factors` must be one or more finite numbers"),
        ({"factors": ["twice"]}, "`factors` must be one or more finite numbers"),
        ({"recipe": {"num_steps": None, "early_stopping": False}}, "`num_steps` must be a number"),
    ],
)
def test_settings_that_cannot_work_are_refused(options, message):
    """With a way out."""
    with pytest.raises(ConfigError, match=message):
        adapted(**options)


def test_a_trial_that_diverges_all_the_same_is_an_error():
    """As it is with one trial of `practicum.train`."""
    with pytest.raises(DivergedError, match="all 1 diverged"):
        adapted({"learning_rate": 1e30, "early_stopping": False})
