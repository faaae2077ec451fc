"""Facts about the loss of one trial on one minibatch."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from tests.oracles.modules import ZOO, reconstruction, zoo_recipes
from torch import nn

from practicum.core.errors import ConfigError, ShapeError
from practicum.data.tree import take
from practicum.training.lift.forward import Forward
from practicum.training.lift.instance import instances
from practicum.training.lift.noise import Recorder, silent

ROWS = torch.arange(8)


def forward(name, task=None, **values):
    """Return the forward pass of a case, its module, recipes and a minibatch."""
    task = ZOO[name].task() if task is None else task
    recipes = zoo_recipes(1, **values)
    (module,) = instances(task, recipes)
    return Forward(task, recipes, module, lifted=False), module, take(task.train, ROWS)


def test_the_total_is_the_mean_loss():
    """Without a penalty."""
    run, module, batch = forward("mlp")
    total, losses = run.losses(batch, silent, {})

    torch.testing.assert_close(losses, F.cross_entropy(module(batch["x"]), batch["y"], reduction="none"))
    torch.testing.assert_close(total, losses.mean())


def test_label_smoothing_is_a_knob():
    """Each trial's own number."""
    run, module, batch = forward("mlp", label_smoothing=0.2)
    (knob,) = run.knobs(zoo_recipes(1, label_smoothing=0.2), torch.zeros(1)).values()
    _, losses = run.losses(batch, silent, {"label_smoothing": knob[0]})

    expected = F.cross_entropy(module(batch["x"]), batch["y"], reduction="none", label_smoothing=0.2)
    torch.testing.assert_close(losses, expected)


def test_validation_smooths_no_labels():
    """Losses and errors are the plain ones."""
    run, module, batch = forward("mlp", label_smoothing=0.2)
    losses, errors = run.measures(batch)

    torch.testing.assert_close(losses, F.cross_entropy(module(batch["x"]), batch["y"], reduction="none"))
    assert errors.tolist() == (module(batch["x"]).argmax(1) != batch["y"]).float().tolist()


def test_the_penalty_is_in_the_total_only():
    """The losses are those of the data."""
    run, _, batch = forward("prelu", sparsity_penalty=0.5)
    knobs = {"sparsity_penalty": torch.tensor(0.5), "sparsity_target": torch.tensor(0.05)}
    total, losses = run.losses(batch, silent, knobs)

    assert total.item() > losses.mean().item() + 0.1


def test_the_loss_sees_clean_targets():
    """A denoising auto-encoder reconstructs what it was not shown."""
    run, module, batch = forward("tied", corruption_level=0.5)
    _, losses = run.losses(batch, lambda request: (torch.zeros(request.shape, dtype=torch.bool),), {})

    blind = reconstruction(lambda x: module(torch.zeros_like(x)), batch)
    torch.testing.assert_close(losses, blind.detach())


def test_validation_corrupts_nothing():
    """It measures on what is there."""
    run, module, batch = forward("tied", corruption_level=0.5)

    torch.testing.assert_close(run.measures(batch)[0], reconstruction(module, batch))


def test_an_error_of_ones_own_is_measured():
    """Beside the loss."""
    task = ZOO["mlp"].task(error=lambda model, batch: model(batch["x"]).argmax(1) == batch["y"])
    run, module, batch = forward("mlp", task)

    assert run.measures(batch)[1].tolist() == (module(batch["x"]).argmax(1) == batch["y"]).float().tolist()


def test_without_an_error_the_loss_counts():
    """For a loss of one's own."""
    run, _, batch = forward("tied")
    losses, errors = run.measures(batch)

    assert torch.equal(losses, errors)


@pytest.mark.parametrize(("name", "answers"), [("mlp", False), ("dropout", True), ("attention", True)])
def test_calls_are_watched_only_where_there_are_any(name, answers):
    """After the first pass it is known."""
    run, _, batch = forward(name)
    run.losses(batch, Recorder(), {})

    assert run.uses_mode is answers


def test_a_loss_of_ones_own_smooths_its_own_labels():
    """A setting that would do nothing is refused."""
    with pytest.raises(ConfigError, match='must be 0 unless loss="cross_entropy", but got label_smoothing'):
        forward("tied", label_smoothing=0.1)


def test_a_mean_is_no_loss():
    """One value an example is needed, in training and in validation."""
    task = ZOO["mlp"].task(loss=lambda model, batch: F.cross_entropy(model(batch["x"]), batch["y"]))
    run, _, batch = forward("mlp", task)

    with pytest.raises(ShapeError, match="reduction='none'"):
        run.losses(batch, silent, {})
    with pytest.raises(ShapeError, match="`loss` must return one value an example"):
        run.measures(batch)


def test_an_error_is_one_value_an_example():
    """The message says which of the two functions it is."""
    task = ZOO["mlp"].task(error=lambda model, batch: model(batch["x"]))
    run, _, batch = forward("mlp", task)

    with pytest.raises(ShapeError, match="`error` must return one value an example"):
        run.measures(batch)


def test_a_module_with_functions_cannot_be_made_sparse():
    """Their activations cannot be watched."""
    with pytest.raises(ConfigError, match="no activation modules"):
        forward("mlp", ZOO["mlp"].task(build=lambda recipe: nn.Linear(5, 3)), sparsity_penalty=0.1)
