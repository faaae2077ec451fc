"""The measure that was chosen selects, stops and is what a trial reports."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.made_outcomes import table
from tests.oracles.problems import Problem, advance, problem, small_recipe

import practicum
from practicum.core.events import Validated
from practicum.core.measures import names_for
from practicum.core.measuring import value
from practicum.data.dataset import Dataset
from practicum.models.committee import member_prediction
from practicum.models.mlp import MLP
from practicum.training.mlp.task import MLPTask
from practicum.training.pack import Pack

CASES = [(task, name) for task in ("binary", "multiclass", "regression") for name in names_for(task)]


def task_of(data: Problem, metric: str, recipe) -> MLPTask:
    """Return the problem's task with another measure."""
    return replace(data.laid_out(recipe), metric=metric)


def predicted(pack: Pack, position: int, rows: Dataset) -> np.ndarray:
    """Return what the trial at ``position`` predicts now."""
    return member_prediction(MLP(pack.task.network, pack.parameters.get(position)), rows)


@pytest.mark.parametrize(("task", "metric"), CASES)
def test_every_validation_is_of_the_measure(task: str, metric: str):
    """The event's error is what practicum.core.measuring says of the predictions at that moment."""
    data = problem(task, num_train=64, num_valid=60, num_levels=(4,))
    recipes = [small_recipe(seed=seed, validate_every_steps=30) for seed in range(3)]
    pack = Pack(recipes, task_of(data, metric, recipes[0]))
    event = [one for one in advance(pack, 30) if isinstance(one, Validated)][-1]
    expected = [
        value(metric, task, data.valid.target.numpy(), predicted(pack, k, data.valid)) for k in range(3)
    ]

    assert event.step == 30
    assert event.valid_error == pytest.approx(expected, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(("task", "metric"), CASES)
def test_the_weights_that_are_kept_are_the_best_in_the_measure(task: str, metric: str):
    """Stopping on the error, the best of a trial is the lowest of its validations."""
    data = problem(task, num_train=48, num_valid=60)
    recipe = small_recipe(learning_rate=0.5, validate_every_steps=5, stop_on="error", num_steps=200)
    pack = Pack([recipe], task_of(data, metric, recipe))
    errors = [event.valid_error[0] for event in advance(pack, 200)[:-1] if isinstance(event, Validated)][1:]
    best = member_prediction(MLP(pack.task.network, dict(pack.best_of(0))), data.valid)

    assert pack.stopping.best_error[0] == min(errors)
    assert value(metric, task, data.valid.target.numpy(), best) == pytest.approx(
        min(errors), rel=1e-4, abs=1e-6
    )


def rare(slopes: tuple[float, float], biases: tuple[float, float]) -> tuple[Problem, dict[str, list[float]]]:
    """Return a problem of one input that orders the rows, of which one in ten is of the second class."""
    x = torch.linspace(-1, 1, 100)[:, None]
    target = (torch.arange(100) >= 90).float()[:, None]
    rows = Dataset(x, torch.empty(100, 0, dtype=torch.int64), target)
    data, recipe = Problem("binary", rows, rows), small_recipe(hidden_sizes=(), seed=0)
    found = {}
    for metric in ("error", "balanced_error", "auc", "f1", "log_loss"):
        pack = Pack([recipe] * 2, task_of(data, metric, recipe))
        for k in range(2):
            values = {
                "layers.0.weight": torch.tensor([[slopes[k]]]),
                "layers.0.bias": torch.tensor([biases[k]]),
            }
            pack.parameters.put(k, values)
        found[metric] = pack.evaluate().error.tolist()
    return data, found


def test_error_and_auc_choose_different_trials():
    """Of two nets one always says "no", the other orders all rows rightly but says "yes" too often."""
    _, found = rare(slopes=(-0.1, 5.0), biases=(-3.0, 0.0))

    assert found["error"] == pytest.approx([0.1, 0.4])
    assert found["auc"] == [1.0, 0.0]
    assert found["balanced_error"] == pytest.approx([0.5, 20 / 90])
    assert found["f1"] == pytest.approx([1.0, 1 - 20 / 60])
    assert [int(np.argmin(found[name])) for name in ("error", "auc", "balanced_error", "f1")] == [0, 1, 1, 1]


def test_a_search_stops_on_the_measure_that_it_selects_by(tmp_path):
    """Also where the recipes come from a space."""
    run = practicum.fit(
        table("binary", 200),
        target="binary",
        metric="auc",
        trials=2,
        seeds=1,
        folds=1,
        space={"learning_rate": {"log": [0.01, 0.3]}, "width": 8, "num_layers": 1, "num_steps": 60},
        out=tmp_path / "run",
    )

    assert (run.summary.metric, run.recipe.stop_on) == ("auc", "error")
