"""Facts about the forward pass of K trials."""

import pytest
import torch
from tests.oracles.problems import ACTIVATION_NAMES, problem, small_recipe

from practicum.models.mlp import MLP
from practicum.training.mlp.forward import Forward


def filled_pack(activation="tanh", num_levels=(), num_trials=3):
    """Return a problem and a pack whose parameters, output layer included, are not zero."""
    data = problem("multiclass", num_levels=num_levels)
    pack = data.pack([small_recipe(activation=activation, seed=seed) for seed in range(num_trials)])
    for k in range(num_trials):
        pack.parameters.put(
            k, {name: value + 0.1 * (k + 1) for name, value in pack.parameters.get(k).items()}
        )
    return data, pack


def expected(data, pack, k, rows):
    """Return the logits of the plain module of trial ``k``, (O, B)."""
    module = MLP(pack.task.network, pack.parameters.get(k))
    return module(data.train.x[rows], data.train.codes[rows]).detach().T


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_shared_rows_give_each_trials_own_logits(activation, num_levels):
    """Trial k computes what its plain module computes."""
    data, pack = filled_pack(activation, num_levels)
    rows = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6])
    forward = Forward(pack.task.network, pack.parameters, len(rows), shared=True)

    logits = forward.run(pack.task.train, rows)

    for k in range(3):
        torch.testing.assert_close(logits[k], expected(data, pack, k, rows), atol=1e-5, rtol=1e-5)
        assert torch.equal(forward.target[k], data.train.target[rows].T)


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
def test_each_trial_may_have_rows_of_its_own(num_levels):
    """Trials of different seeds see different minibatches."""
    data, pack = filled_pack(num_levels=num_levels)
    rows = torch.arange(24).view(3, 8)
    forward = Forward(pack.task.network, pack.parameters, 8, shared=False)

    logits = forward.run(pack.task.train, rows)

    for k in range(3):
        torch.testing.assert_close(logits[k], expected(data, pack, k, rows[k]), atol=1e-5, rtol=1e-5)
        assert torch.equal(forward.target[k], data.train.target[rows[k]].T)


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
def test_a_range_of_rows_may_leave_places_over(num_levels):
    """The last chunk of a data set rarely fills its buffer; what is beyond does not leak from the chunk before."""
    data, pack = filled_pack(num_levels=num_levels)
    forward = Forward(pack.task.network, pack.parameters, 16, shared=True)
    forward.run_range(pack.task.train, 0, 16)

    logits = forward.run_range(pack.task.train, 80, 90)

    for k in range(3):
        torch.testing.assert_close(
            logits[k, :, :10], expected(data, pack, k, torch.arange(80, 90)), atol=1e-5, rtol=1e-5
        )
        assert not forward.target[k, :, 10:].any()


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_padding_units_are_silent(activation):
    """Their activation is zero, for the sigmoid too, whose value at zero is one half."""
    _, pack = filled_pack(activation)
    forward = Forward(pack.task.network, pack.parameters, 8, shared=True)

    forward.run(pack.task.train, torch.arange(8))

    for output, size in zip(forward.outputs, (20, 12), strict=False):
        assert output[:, :size].any()
        assert not output[:, size:].any()


def test_new_parameters_are_used_at_once():
    """The buffers hold no copy of the weights."""
    data, pack = filled_pack()
    rows = torch.arange(8)
    forward = Forward(pack.task.network, pack.parameters, 8, shared=True)
    before = forward.run(pack.task.train, rows).clone()
    pack.parameters.put(1, {name: 2 * value for name, value in pack.parameters.get(1).items()})

    after = forward.run(pack.task.train, rows)

    assert torch.equal(after[[0, 2]], before[[0, 2]])
    torch.testing.assert_close(after[1], expected(data, pack, 1, rows), atol=1e-5, rtol=1e-5)


def test_a_linear_model_has_no_hidden_layer():
    """Inputs meet outputs directly."""
    data = problem("regression")
    pack = data.pack([small_recipe(hidden_sizes=())])
    pack.parameters.put(0, {"layers.0.weight": torch.ones(1, 5), "layers.0.bias": torch.ones(1)})
    forward = Forward(pack.task.network, pack.parameters, 8, shared=True)

    logits = forward.run(pack.task.train, torch.arange(8))

    torch.testing.assert_close(logits[0, 0], data.train.x[:8].sum(1) + 1)
