"""Laws of training that hold for any data and settings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.oracles.patience import sgd_optimization
from tests.oracles.problems import TASK_NAMES, advance, problem, small_recipe, update_once
from tests.oracles.stand_ins import curve_pack, ends_of

from practicum.models.committee import committee_prediction
from practicum.models.mlp import MLP
from practicum.models.output import OUTPUT_UNITS

every_task = pytest.mark.parametrize("task", TASK_NAMES)


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 5), st.integers(1, 8), st.integers(1, 3)),
        elements=st.floats(-9, 9),
    ),
    st.integers(0, 1000),
)
def test_a_committee_is_no_worse_than_its_members_on_average(predictions, seed):
    """Its mean squared error is at most the mean of theirs, whatever they predict (Jensen) [3.2-37]."""
    target = np.random.default_rng(seed).normal(size=predictions.shape[1:])
    committee = np.mean((committee_prediction(predictions) - target) ** 2)
    members = np.mean((predictions - target) ** 2)

    assert committee <= members + 1e-12


@given(
    arrays(np.float64, st.tuples(st.integers(1, 5), st.just(1), st.just(1)), elements=st.floats(0.01, 0.99)),
)
def test_a_committees_log_loss_is_no_worse_either(probabilities):
    """The logarithm is concave, so the mean probability of the right class costs at most the mean of the costs."""
    committee = -np.log(committee_prediction(probabilities)[0, 0])

    assert committee <= -np.log(probabilities).mean() + 1e-12


@settings(max_examples=30)
@given(
    curves=st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=12), min_size=1, max_size=3),
    frequency=st.integers(1, 30),
    patience=st.integers(1, 120),
)
def test_training_stops_at_the_tutorials_exact_update(curves, frequency, patience):
    """On any validation curve, end to end: the same number of updates and the same best, K trials at once."""
    pack = curve_pack(curves, validate_every_steps=frequency, patience_steps=patience)
    events = advance(pack, 10_000)
    expected = [
        sgd_optimization(
            lambda n, curve=curve: curve[min(n, len(curve) - 1)],
            patience=patience,
            validation_frequency=frequency,
        )
        for curve in curves
    ]

    assert ends_of(events) == {k: (last + 1, "patience") for k, (last, _, _) in enumerate(expected)}
    assert pack.stopping.best_index.tolist() == [best for _, best, _ in expected]
    assert pack.stopping.best_error.tolist() == [error for _, _, error in expected]


@every_task
def test_strong_penalties_leave_the_best_constant(task):
    """With λ large and biases spared, every prediction is the mean target [3.2-15]."""
    data = problem(task, num_train=96)
    recipe = small_recipe(batch_size=96, learning_rate=0.3, l2_penalty=1.5 * 96)
    pack = data.pack([recipe], torch.float64)
    advance(pack, 600)
    module = MLP(pack.task.network).double()
    module.load_state_dict(pack.parameters.get(0))
    logits = module(data.valid.x.double()).detach()
    predictions = OUTPUT_UNITS[task].predict(logits, torch.empty_like(logits))
    mean = data.train.target.double().mean(0)

    torch.testing.assert_close(predictions, mean.expand_as(predictions), atol=1e-6, rtol=0)


@every_task
@settings(max_examples=5)
@given(penalty=st.floats(1.0, 20.0))
def test_a_penalty_keeps_weights_smaller(task, penalty):
    """The same trial with λ > 0 ends with a smaller norm of its weights [3.2-05]."""
    data = problem(task)
    pack = data.pack([small_recipe(), small_recipe(l2_penalty=penalty), small_recipe(l1_penalty=penalty)])
    advance(pack, 100)
    norms = [sum(float(w[k].square().sum()) for w in pack.parameters.weights) for k in range(3)]

    assert norms[1] < norms[0]
    assert norms[2] < norms[0]


def test_only_the_proximal_step_gives_exact_zeros():
    """Descent on an L1 penalty hovers around zero; the proximal step reaches it and stays [3.2-11]."""
    pack = problem("multiclass").pack(
        [small_recipe(l1_penalty=2.0, l1_step=step) for step in ("plain", "proximal")]
    )
    advance(pack, 200)
    zeros = [int((pack.parameters.get(k)["layers.0.weight"] == 0).sum()) for k in range(2)]

    assert zeros[0] == 0
    assert zeros[1] > 10


@every_task
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_units_that_start_equal_stay_equal(task, momentum):
    """Without noise in the initial weights all units of a layer learn the same: why it is there [3.2-28]."""
    pack = problem(task).pack([small_recipe(momentum=momentum)], torch.float64)
    start = pack.parameters.get(0)
    first = start["layers.0.weight"][:1].expand(20, -1)
    output = torch.linspace(-0.4, 0.6, len(start["layers.2.bias"]), dtype=torch.float64)[:, None].expand(
        -1, 12
    )
    second = torch.full((12, 20), 0.1, dtype=torch.float64)
    equal = {"layers.0.weight": first, "layers.1.weight": second, "layers.2.weight": output}
    pack.parameters.put(0, start | equal)
    advance(pack, 100)
    end = pack.parameters.get(0)

    for layer in (0, 1):
        weight = end[f"layers.{layer}.weight"]
        torch.testing.assert_close(weight, weight[:1].expand_as(weight), atol=1e-12, rtol=0)
    assert not torch.allclose(end["layers.0.weight"][0], start["layers.0.weight"][0], atol=1e-3)


@every_task
@settings(max_examples=10)
@given(seed=st.integers(0, 10**6))
def test_a_small_step_on_all_rows_lowers_their_loss(task, seed):
    """The update goes downhill, from any start."""
    data = problem(task, num_train=96)
    recipe = small_recipe(batch_size=96, learning_rate=1e-3, seed=seed)
    pack = data.pack([recipe], torch.float64)
    rows, losses = torch.arange(96), []
    for index in range(5):
        update_once(pack, rows, index)
        losses.append(float(pack.program.batch_losses()))

    assert all(later < earlier for earlier, later in pairwise(losses))


@settings(max_examples=10)
@given(momentum=st.floats(0.0, 0.98), rate=st.floats(1e-3, 0.1))
def test_on_a_constant_slope_momentum_changes_no_speed(momentum, rate):
    """ḡ is an average, so a steady gradient moves the parameters at rate ε whatever μ is (erratum E9)."""
    data = problem("regression", num_train=16)
    data.train.x.zero_()
    data.train.target.fill_(1e6)  # so far away that the slope hardly changes
    pack = data.pack([small_recipe(hidden_sizes=(), momentum=momentum, learning_rate=rate)], torch.float64)
    advance(pack, 0)
    biases = []
    for index in range(800):
        update_once(pack, torch.arange(16), index)
        biases.append(float(pack.parameters.biases[0]))
        pack.parameters.flat.zero_()

    assert biases[-1] == pytest.approx(rate * 1e6, rel=1e-6)
