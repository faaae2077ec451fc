"""Facts about `practicum.train`: what it takes, what it refuses, what it gives back."""

import warnings

import pytest
import torch
from torch import nn

import practicum
from practicum.core.errors import ConfigError, DataError, DivergedError, ShapeError

X = torch.linspace(-1, 1, 120)[:, None]
DATA = {"x": X, "y": X**2}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """Keep measurements out of the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def build(recipe):
    """Return a small network whose width the recipe says."""
    width = recipe.model.get("width", 4)
    return nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))


def trained(recipes=({},), data=None, **options):
    """Return short trials."""
    full = [{"num_steps": 40, "batch_size": 8, **recipe} for recipe in recipes]
    rows = DATA if data is None else data
    return practicum.train(build, rows, full, **{"loss": "squared_error", "workers": 1, **options})


def test_trials_come_in_the_order_of_the_recipes_whatever_their_packs():
    """Two widths are two packs; curves, statuses and best steps are each trial's own."""
    trials = trained(
        [{"model": {"width": w}, "learning_rate": r} for w, r in ((4, 0.1), (8, 0.1), (4, 0.01))]
    )

    assert [trial.number for trial in trials] == [0, 1, 2]
    assert [trial.recipe.model["width"] for trial in trials] == [4, 8, 4]
    assert [trial.status for trial in trials] == ["num_steps"] * 3
    assert all(trial.curve["step"].to_list() == [0, 25, 40] for trial in trials)
    assert trials[0].curve["valid_error"].min() == trials[0].valid_error


def test_the_module_that_comes_back_has_the_validation_loss_that_was_told():
    """On the very rows, with weights of the best validation."""
    valid = {"x": X[::7], "y": (X**2)[::7]}
    (trial,) = trained(valid=valid)
    with torch.no_grad():
        loss = 0.5 * (trial.module()(valid["x"]) - valid["y"]).square().sum(1).mean()

    assert trial.valid_loss == pytest.approx(float(loss), rel=1e-5)


def test_a_criterion_of_the_users_own_and_a_bare_tensor_will_do():
    """One value an example, of whatever the data are; the error may be another function."""

    def loss(model, batch):
        return (model(batch) - batch).square().sum(1)

    (trial,) = trained(data=X, loss=loss, error=lambda model, batch: (model(batch) - batch).abs().sum(1))

    assert 0 < trial.valid_error != trial.valid_loss > 0


def test_a_run_goes_on_in_its_folder(tmp_path):
    """The same call again gives the same trials without training."""
    first, again = (trained([{}, {"seed": 1}], folder=tmp_path / "run") for _ in range(2))

    assert [trial.valid_loss for trial in first] == [trial.valid_loss for trial in again]
    assert first[0].curve.equals(again[0].curve)


def test_what_cannot_be_lifted_is_said_once():
    """As a warning, with the reason."""

    class Deciding(nn.Module):
        def __init__(self):
            super().__init__()
            self.one = nn.Linear(1, 1)

        def forward(self, x):
            return self.one(x) if x.sum() > 0 else self.one(-x)

    recipes = [{"num_steps": 10, "seed": seed} for seed in (0, 1)]
    with pytest.warns(UserWarning, match="Trials 0, 1 run one by one") as caught:
        trials = practicum.train(lambda recipe: Deciding(), DATA, recipes, loss="squared_error", workers=1)

    assert len(caught) == 1
    assert len(trials) == 2


def test_one_diverged_trial_is_a_result_and_all_are_an_error():
    """The trials ride on the error, so that nothing is lost."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trials = trained([{"learning_rate": 0.1}, {"learning_rate": 1e8}])
        assert [trial.status for trial in trials] == ["num_steps", "diverged"]
        with pytest.raises(
            DivergedError, match=r"all 2 diverged \(learning rates 1e\+08, 1e\+09\)"
        ) as caught:
            trained([{"learning_rate": 1e8}, {"learning_rate": 1e9}])

    assert [trial.status for trial in caught.value.values["trials"]] == ["diverged"] * 2


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"recipes": ()}, ConfigError, "`recipes` must hold at least one recipe"),
        ({"recipes": [{"learning_rat": 1}]}, ConfigError, r"\(in trial 0\)\. Did you mean"),
        ({"recipes": [{"early_stopping": False, "num_steps": None}]}, ConfigError, r"`num_steps`.*trial 0"),
        ({"loss": "mse"}, ConfigError, "`loss` must be a function"),
        ({"loss": 3}, ConfigError, "`loss` must be a function, but got int"),
        ({"valid": 1.5}, ConfigError, r"`valid` must be rows or a fraction in \(0, 1\)"),
        ({"valid": {"x": X}}, ShapeError, "`valid` must have the form of `data`"),
        (
            {"device": "cpuu"},
            ConfigError,
            '`device` must be one that PyTorch finds here, but got device="cpuu"',
        ),
        ({"workers": 0}, ConfigError, "`workers` must be a whole number ≥ 1"),
        ({"data": {"x": X, "y": X[:5]}}, ShapeError, "x: 120 rows, y: 5 rows"),
        ({"data": X.numpy()}, DataError, "must be a tensor or a nested dict"),
        ({"loss": lambda model, batch: model(batch["x"]).mean()}, ShapeError, "reduction='none'"),
        ({"recipes": [{"layer_rate_multipliers": [1, 2, 3]}]}, ConfigError, "must be 2 numbers, one a layer"),
    ],
)
def test_a_mistake_is_one_message(options, error, message):
    """Before anything is trained."""
    with pytest.raises(error, match=message):
        trained(**options)


def test_one_recipe_must_stand_in_a_list():
    """Else its fields would be taken for recipes."""
    with pytest.raises(ConfigError, match=r"Write \[recipe\]"):
        practicum.train(build, DATA, practicum.Recipe(), loss="squared_error")


def test_a_build_that_fails_names_the_trial():
    """And keeps the cause."""
    with pytest.raises(ConfigError, match=r"raised KeyError: 'depth' \(trial 0\)") as caught:
        practicum.train(lambda recipe: recipe.model["depth"], DATA, [{"num_steps": 5}], loss="squared_error")

    assert isinstance(caught.value.__cause__, KeyError)
