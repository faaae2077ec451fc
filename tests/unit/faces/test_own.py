"""Facts about `practicum.train`: what it takes, what it refuses, what it gives back."""

import warnings

import pytest
import torch
from torch import nn

import practicum
from practicum.core.errors import ConfigError, DataError, DivergedError, RecordError, ShapeError

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


@pytest.mark.parametrize(
    ("y", "message"),
    [(None, '`data` must be a dict with "x" and "y"'), (X[:, 0], "`y` must hold class numbers as int64")],
)
@pytest.mark.parametrize("num_trials", [1, 2])
def test_data_that_do_not_go_with_a_named_loss_are_refused(y, message, num_trials):
    """In words about the data, whether one trial is trained or more."""
    data = {"x": X} if y is None else {"x": X, "y": y}

    with pytest.raises(DataError, match=message):
        trained([{}] * num_trials, data=data, loss="cross_entropy")


def test_one_recipe_must_stand_in_a_list():
    """Else its fields would be taken for recipes."""
    for one in (practicum.Recipe(), None):
        with pytest.raises(ConfigError, match=r"but got \w+\. Write \[recipe\] for one"):
            practicum.train(build, DATA, one, loss="squared_error")


def test_a_setting_that_only_our_own_network_has_is_refused():
    """Not silently left out."""
    with pytest.raises(
        ConfigError, match=r"`bagging` must be left out with a module of your own.*\(trial 1\)"
    ):
        trained([{}, {"bagging": True}])


def test_a_build_that_fails_names_the_trial():
    """And keeps the cause."""
    with pytest.raises(ConfigError, match=r"raised KeyError: 'depth' \(trial 0\)") as caught:
        practicum.train(lambda recipe: recipe.model["depth"], DATA, [{"num_steps": 5}], loss="squared_error")

    assert isinstance(caught.value.__cause__, KeyError)


class Lstm(nn.Module):
    """A recurrent net that cannot be lifted."""

    def __init__(self):
        super().__init__()
        self.cell, self.out = nn.LSTM(1, 3, batch_first=True), nn.Linear(3, 1)

    def forward(self, x):
        return self.out(self.cell(x[:, :, None])[0][:, -1])


def test_an_lstm_is_trained_one_by_one_and_said_to_be():
    """In words a user understands."""
    recipes = [{"num_steps": 5, "seed": seed} for seed in (0, 1, 2)]
    with pytest.warns(UserWarning, match=r"Trials 0, 1, 2 run one by one: nn\.LSTM cannot be lifted"):
        trials = practicum.train(lambda recipe: Lstm(), DATA, recipes, loss="squared_error", workers=1)

    assert [trial.num_steps for trial in trials] == [5, 5, 5]


def test_sorted_data_are_no_divergence():
    """The first rows are easy; what training sees at the start is a random minibatch."""
    x = torch.linspace(0, 1, 3000)[:, None]
    (trial,) = trained([{"learning_rate": 0.01}], data={"x": x, "y": 4 * x**6})

    assert trial.status == "num_steps"


def test_noise_at_the_start_is_no_divergence():
    """A net that is right without noise begins with the loss that the noise makes."""

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.one = nn.Linear(1, 1)
            nn.init.zeros_(self.one.weight)
            nn.init.zeros_(self.one.bias)

        def forward(self, x):
            return x + self.one(x)

    def denoise(model, x):
        return (model(x) - x).square().sum(1)

    recipe = {"num_steps": 50, "corruption_level": 0.5, "learning_rate": 0.01}
    (trial,) = practicum.train(lambda recipe: Residual(), X, [recipe], loss=denoise, workers=1)

    assert trial.status == "num_steps"


def test_a_budget_is_shared_by_all_packs():
    """Ten widths, one worker, little time: every one is begun."""
    recipes = [
        {"model": {"width": width}, "num_steps": None, "early_stopping": False} for width in range(2, 12)
    ]
    with pytest.warns(UserWarning, match="No two trials share a pack"):
        trials = trained(recipes, budget=2)

    assert {trial.status for trial in trials} == {"budget"}
    assert all(trial.num_steps > 0 for trial in trials)


def test_a_folder_of_another_model_is_refused(tmp_path):
    """Rather than hand out weights that do not fit."""
    trained(folder=tmp_path)
    with pytest.raises(RecordError):
        practicum.train(
            lambda recipe: nn.Sequential(nn.Linear(1, 4), nn.ReLU(), nn.Linear(4, 1)),
            DATA,
            [{"num_steps": 40, "batch_size": 8}],
            loss="squared_error",
            workers=1,
            folder=tmp_path,
        )


def test_missing_values_are_said_before_training():
    """Not blamed on the learning rate."""
    for rows in (slice(None), slice(60, 61)):
        x = X.clone()
        x[rows] = torch.nan

        with pytest.raises(DataError, match=r"torch\.isnan"):
            trained(data={"x": x, "y": X})


def test_a_mistake_in_a_lone_trial_is_one_message_too():
    """A wrong width is no traceback of PyTorch's."""
    with pytest.raises(ConfigError, match="must work on a minibatch"):
        practicum.train(
            lambda recipe: nn.Linear(3, 1), DATA, [{"num_steps": 5}], loss="squared_error", workers=1
        )


def test_a_loss_may_call_parts_of_a_corrupted_model():
    """A part that is called by itself sees what it is given."""

    class Coder(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder = nn.Linear(1, 2), nn.Linear(2, 1)

        def forward(self, x):
            return self.decoder(self.encoder(x))

    def loss(model, x):
        return (model(x) - x).square().sum(1) + 0.01 * model.encoder(x).square().sum(1)

    recipe = {"num_steps": 20, "corruption_level": 0.3}
    (trial,) = practicum.train(lambda recipe: Coder(), X, [recipe], loss=loss, workers=1)

    assert trial.status == "num_steps"


def test_weights_come_in_the_order_of_the_module():
    """Also from worker processes."""
    trials = trained([{}, {"seed": 1}, {"batch_size": 4}], workers=2)

    assert all(list(trial.weights) == list(build(trial.recipe).state_dict()) for trial in trials)
