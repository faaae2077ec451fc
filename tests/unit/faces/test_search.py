"""Facts about `practicum.search`: what it takes, what it refuses, what it gives back."""

from __future__ import annotations

import os
import signal
import warnings

import pytest
import torch
from torch import nn

import practicum
from practicum.core.errors import ConfigError, DataError, DivergedError, RecordError, ShapeError
from practicum.tuning.arena import Supply
from practicum.tuning.study import Store

X = torch.linspace(-1, 1, 120)[:, None]
DATA = {"x": X, "y": X**2}
SPACE = {"learning_rate": {"log": [0.01, 0.5]}, "model.width": {"choice": [2, 4, 8]}}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """Keep measurements out of the user's cache, and short."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("practicum.engine.plans.crossover.SECONDS", 0.02)


def build(recipe):
    """Return a small network whose width the recipe says."""
    width = recipe.model.get("width", 4)
    return nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))


def searched(made=build, data=None, **options):
    """Return a short search."""
    usual = {
        "loss": "squared_error",
        "space": SPACE,
        "trials": None if "budget" in options else 8,
        "seeds": 2,
        "recipe": {"num_steps": 40, "batch_size": 8},
        "workers": 1,
    }
    return practicum.search(made, DATA if data is None else data, **{**usual, **options})


def errors(found):
    """Return all that two equal searches must share."""
    return [[trial.valid_error for trial in some] for some in (found.trials, *found.finalists)]


def test_all_settings_are_tried_and_the_best_seed_of_the_best_comes_back():
    """As a plain module, with the error that was told."""
    valid = {"x": X[::7], "y": (X**2)[::7]}
    found = searched(valid=valid)
    best = found.best
    with torch.no_grad():
        error = (best.module()(valid["x"]) - valid["y"]).square().sum(1).mean()

    assert [trial.number for trial in found.trials] == list(range(8))
    assert best.valid_error == pytest.approx(float(error), rel=1e-4)
    assert best.valid_error == min(found.errors)
    assert best.recipe.model["width"] == found.values["model.width"]
    assert found.trials[0].curve["step"][0] == 0


def test_the_best_three_share_their_seeds():
    """The best mean first."""
    found = searched(seeds=3, seed=5)

    assert [[trial.recipe.seed for trial in some] for some in found.finalists] == [[5, 6, 7]] * 3
    means = [sum(trial.valid_error for trial in some) for some in found.finalists]
    assert means == sorted(means)
    assert {some[0].number for some in found.finalists} <= set(range(8))


def test_a_number_of_trials_gives_the_same_whatever_the_workers():
    """Settings, errors and choice."""
    one, two = searched(workers=1), searched(workers=2)

    assert errors(one) == errors(two)
    assert one.values == two.values


def test_a_budget_is_kept():
    """Lengths then follow from the time; nothing has to be said of updates."""
    found = searched(budget="3s", recipe=None)

    assert found.finalists
    assert len(found.trials) > 0
    assert found.end


@pytest.mark.parametrize(
    ("options", "got"),
    [({"trials": None}, "got neither"), ({"budget": "5s", "trials": 4}, "got budget=5s and trials=4")],
)
def test_time_or_trials_must_be_given_one_of_them(options, got):
    """Two that contradict each other decide nothing."""
    with pytest.raises(ConfigError, match=f"One of `budget` and `trials` must be given, but {got}"):
        searched(**options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"trials": 0}, ConfigError, "`trials` must be a whole number >= 1"),
        ({"seeds": 0}, ConfigError, "`seeds` must be a whole number >= 1"),
        ({"seed": -1}, ConfigError, "`seed` must be a whole number >= 0"),
        ({"workers": 0}, ConfigError, "`workers` must be a whole number ≥ 1"),
        ({"sampler": "zom"}, ConfigError, '`sampler` must be one of .* Did you mean "zoom"'),
        ({"space": "chaper"}, ConfigError, 'Did you mean "chapter"'),
        ({"space": {}}, ConfigError, "`space` must vary something"),
        (
            {"space": {"preprocess": {"choice": ["unit", "none"]}}},
            ConfigError,
            "`preprocess` must be left out",
        ),
        ({"recipe": {"learning_rat": 1}}, ConfigError, "Did you mean"),
        ({"recipe": {"bagging": True}}, ConfigError, "`bagging` must be left out"),
        ({"loss": "mse"}, ConfigError, "`loss` must be a function"),
        ({"valid": 1.5}, ConfigError, "`valid` must be rows or a fraction"),
        ({"data": {"x": X}}, DataError, "y"),
        ({"valid": {"x": X}}, ShapeError, "`valid` must have the form of `data`"),
        (
            {"made": lambda recipe: recipe.absent},
            ConfigError,
            "`build` must return a module for every recipe",
        ),
    ],
)
def test_what_cannot_work_is_refused(options, error, message):
    """Before anything is trained, with one message."""
    with pytest.raises(error, match=message):
        searched(**options)


def test_of_a_preset_only_what_acts_on_the_module_is_varied():
    """Neither a table's preparation nor layers that build does not read."""
    found = searched(space="chapter")

    assert set(found.space.names) == {"learning_rate", "momentum", "init_scale", "l2_penalty"}


def test_an_entry_that_does_nothing_is_said():
    """Where the user asked for it."""
    with pytest.warns(UserWarning, match="`build` does not read width"):
        searched(space={"learning_rate": {"log": [0.01, 0.5]}, "width": {"choice": [4, 8]}})


def test_what_cannot_be_lifted_is_said_once():
    """As one warning, whatever the number of shapes."""

    class Deciding(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.one, self.other = nn.Linear(1, width), nn.Linear(width, 1)

        def forward(self, x):
            return self.other(self.one(x)) if x.sum() > -1e9 else x

    with pytest.warns(UserWarning, match="All trials run one by one") as caught:
        found = searched(lambda recipe: Deciding(recipe.model["width"]))

    assert len(caught) == 1
    assert len(found.trials) == 8


def test_all_diverged_is_an_error_after_lower_rates_were_tried():
    """It names rates; where the data have holes it says that instead."""
    wild = {"learning_rate": {"log": [1e12, 1e14]}}
    with pytest.raises(DivergedError, match=r"all \d+ diverged \(learning rates"):
        searched(space=wild)
    holes = {"x": X, "y": torch.where(X > 0.9, torch.nan, X)}
    with pytest.raises(DataError, match="nan"):
        searched(data=holes, space=wild)


def test_where_lower_rates_work_the_range_is_extended():
    """And the space that comes back says so."""
    found = searched(space={"learning_rate": {"log": [300.0, 3000.0]}})

    assert found.best.recipe.learning_rate < 300
    assert found.space["learning_rate"].distribution.low == pytest.approx(0.3)


def test_a_search_goes_on_in_its_folder(tmp_path):
    """The same call trains nothing again; another call is refused."""
    first, again = (searched(folder=tmp_path / "run") for _ in range(2))

    assert errors(first) == errors(again)
    assert [trial.curve.equals(other.curve) for trial, other in zip(first.trials, again.trials, strict=True)]
    with pytest.raises(RecordError, match="holds one whose seed differ"):
        searched(folder=tmp_path / "run", seed=1)


def test_ctrl_c_returns_the_best_so_far(monkeypatch):
    """It is there at once, with its weights; no finals are begun."""
    take = Supply.take

    def pressing(supply, pack, results):
        if pack == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return take(supply, pack, results)

    monkeypatch.setattr(Supply, "take", pressing)
    found = searched(trials=24)

    assert found.interrupted
    assert found.end == "Ctrl-C"
    assert len(found.finalists) == 1
    assert len(found.trials) < 24
    assert found.best.module()(X).shape == X.shape


def test_a_storage_has_every_setting(tmp_path):
    """Under the folder's name, so that a search that goes on finds its study."""
    where = tmp_path / "study.log"
    for _ in range(2):
        found = searched(storage=where, folder=tmp_path / "run")
    import optuna

    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(where)))
    (name,) = (name for name in optuna.get_all_study_names(storage) if "/" not in name)
    with Store.read(where, name) as store:
        tried = store.tried()

    assert name.startswith("run-")
    assert [one.number for one in tried] == [trial.number for trial in found.trials]


def test_nothing_is_warned_of_where_nothing_is_wrong():
    """Warnings are for users to act on."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        searched(verbose=False)
