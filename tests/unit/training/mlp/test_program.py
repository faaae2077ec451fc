"""Facts about one update of K trials, against its slow twin and by its laws."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from tests.oracles.loop import mean_loss, train, untrained
from tests.oracles.problems import (
    ACTIVATION_NAMES,
    TASK_NAMES,
    advance,
    problem,
    small_recipe,
    update_once,
)
from tests.oracles.terms import SPARSE, TERMS

from practicum.data.dataset import Dataset
from practicum.models.mlp import MLP
from practicum.training.mlp.rows import Rows
from practicum.training.order import Order

NUM_STEPS = 60

every_mode = pytest.mark.parametrize("mode", TERMS)
every_task = pytest.mark.parametrize("task", TASK_NAMES)
every_activation = pytest.mark.parametrize("activation", ACTIVATION_NAMES)


def two_recipes(activation, mode):
    """Return two recipes of one pack that differ in seed and rate."""
    rate = TERMS[mode].get("learning_rate", 0.1)
    return [
        small_recipe(
            **{"activation": activation, "seed": seed, **TERMS[mode], "learning_rate": rate * factor}
        )
        for seed, factor in ((0, 1.0), (1, 0.3))
    ]


def check_against_oracle(data, recipes, dtype, atol):
    """Assert that a pack and the slow twin reach the same parameters and averages."""
    pack = data.pack(recipes, dtype)
    advance(pack, NUM_STEPS)
    for k, recipe in enumerate(recipes):
        expected = train(data.network(recipe), recipe, data.train, NUM_STEPS)
        predicting = pack.update.predicting()
        pairs = [(pack.parameters, expected.parameters)]
        for found, true in pairs + [(predicting, expected.average)] * (predicting is not pack.parameters):
            for name, value in found.get(k).items():
                torch.testing.assert_close(value.double(), true[name], atol=atol, rtol=0)


@every_mode
@every_activation
@every_task
def test_a_pack_of_two_is_the_slow_loop_in_double_precision(task, activation, mode):
    """After 60 updates all parameters agree to 1e-10: the hand-written chain rule is autograd's.

    Adaptive rules divide tiny gradients by their own size and enlarge rounding: they get a digit more.
    """
    atol = 1e-9 if "update_rule" in TERMS[mode] else 1e-10
    check_against_oracle(problem(task), two_recipes(activation, mode), torch.float64, atol=atol)


@pytest.mark.parametrize("form", SPARSE)
@every_task
def test_a_sparsity_penalty_is_the_slow_loops(task, form):
    """In its four forms, with all units and rows of the minibatch counted and none of the padding [3.2-17]."""
    recipes = [small_recipe(seed=seed, batch_size=20, **SPARSE[form]) for seed in (0, 1)]

    check_against_oracle(problem(task), recipes, torch.float64, atol=1e-10)


def test_trials_with_and_without_a_term_share_a_pack():
    """A number that means "none" leaves a trial as it would be alone, whatever its neighbours ask for."""
    terms = ("label smoothing", "dropout", "masking", "max norm", "penalties", "proximal", "plain")
    recipes = [small_recipe(**TERMS[name]) for name in terms if name != "masking"]

    check_against_oracle(problem("multiclass"), recipes, torch.float64, atol=1e-10)


@every_mode
@every_task
def test_embeddings_are_trained_as_the_slow_loop_does(task, mode):
    """Each trial has its own tables; penalties of the first layer fall on them too."""
    data = problem(task, num_levels=(4, 7))

    check_against_oracle(data, two_recipes("tanh", mode), torch.float64, atol=1e-10)


@every_activation
@every_task
def test_single_precision_is_close_to_the_slow_loop(task, activation):
    """Rounding is all that differs: 1e-5 after 60 updates at a stable rate, with every term switched on."""
    check_against_oracle(problem(task), two_recipes(activation, "all"), torch.float32, atol=1e-5)


@pytest.mark.parametrize("hidden_sizes", [(), (1,), (16,), (33, 17, 5)])
def test_any_depth_and_width_is_the_slow_loop(hidden_sizes):
    """A linear model, one unit, widths on and off the grid."""
    recipes = [small_recipe(hidden_sizes=hidden_sizes, seed=seed) for seed in (0, 1)]

    check_against_oracle(problem("multiclass"), recipes, torch.float64, atol=1e-10)


@pytest.mark.parametrize("batch_size", [1, 3, 90, 200])
def test_any_batch_size_is_the_slow_loop(batch_size):
    """From one example to more than there are."""
    recipes = [small_recipe(batch_size=batch_size, seed=seed, learning_rate=0.02) for seed in (0, 1)]

    check_against_oracle(problem("binary"), recipes, torch.float64, atol=1e-10)


@pytest.mark.parametrize("batch_order", ["shuffle_once", "fixed"])
def test_any_order_is_the_slow_loop(batch_order):
    """The order of examples comes from the recipe."""
    recipes = [small_recipe(batch_order=batch_order, seed=seed) for seed in (0, 1)]

    check_against_oracle(problem("binary"), recipes, torch.float64, atol=1e-10)


def test_momentum_is_torch_sgd_with_a_scaled_rate():
    """ḡ ← μḡ + (1−μ)g at rate ε is the usual buffer at rate ε(1−μ) (erratum E9)."""
    data, recipe = problem("multiclass"), small_recipe(momentum=0.9, learning_rate=0.5)
    pack = data.pack([recipe], torch.float64)
    advance(pack, NUM_STEPS)
    module = untrained(pack.task.network, recipe)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.5 * (1 - 0.9), momentum=0.9)
    for rows in Order(90, 16, 0, "reshuffle").batches(0, NUM_STEPS):
        optimizer.zero_grad()
        mean_loss(
            "multiclass", module(data.train.x[rows].double()), data.train.target[rows].double()
        ).backward()
        optimizer.step()

    for name, value in module.state_dict().items():
        torch.testing.assert_close(pack.parameters.get(0)[name], value, atol=1e-12, rtol=0)


def repeated(data: Dataset, times: int) -> Dataset:
    """Return the rows several times over."""
    again = {name: getattr(data, name).repeat(times, 1) for name in ("x", "codes", "target")}
    return dataclasses.replace(data, **again)


@every_task
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_batch_with_every_row_twice_gives_the_same_update(task, momentum):
    """The update is the mean over examples, not their sum [2.1-05]."""
    data = problem(task, num_train=16)
    twice = dataclasses.replace(data, train=repeated(data.train, 2))
    options = {"batch_order": "fixed", "momentum": momentum}
    once_pack = data.pack([small_recipe(batch_size=16, **options)], torch.float64)
    twice_pack = twice.pack([small_recipe(batch_size=32, **options)], torch.float64)
    advance(once_pack, 10)
    advance(twice_pack, 10)

    for name, value in once_pack.parameters.get(0).items():
        torch.testing.assert_close(twice_pack.parameters.get(0)[name], value, atol=1e-14, rtol=0)


def test_ten_copies_of_the_data_give_the_same_updates():
    """Progress depends on the number of updates, not on the number of examples behind them [2.1-09]."""
    data = problem("multiclass", num_train=48)
    copies = dataclasses.replace(data, train=repeated(data.train, 10))
    recipe = small_recipe(batch_order="fixed")
    once, ten_times = data.pack([recipe], torch.float64), copies.pack([recipe], torch.float64)
    advance(once, NUM_STEPS)
    advance(ten_times, NUM_STEPS)

    assert torch.equal(once.parameters.flat, ten_times.parameters.flat)


@pytest.mark.parametrize(("num_rows", "num_epochs"), [(80, 1), (90, 8)])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_one_epoch_of_updates_adds_up_to_the_whole_criterion(momentum, num_rows, num_epochs):
    """At fixed θ, the minibatch gradients times B sum to that of Σ loss + λ₂Σθ² + λ₁Σ|θ| (the B/T rule, 3.2-06).

    90 rows are no multiple of B = 16: batches cross epochs, none is smaller, and eight epochs add up [3.2-07].
    """
    data = problem("multiclass", num_train=num_rows)
    recipe = small_recipe(l1_penalty=0.4, l2_penalty=0.7, penalise_biases=True, momentum=momentum)
    pack = data.pack([recipe], torch.float64)
    advance(pack, 20)
    fixed = pack.parameters.flat.clone()
    total = torch.zeros_like(fixed)
    batches = Order(num_rows, 16, 0, "reshuffle").batches(0, num_epochs * num_rows // 16)
    for index, rows in enumerate(batches):
        pack.parameters.flat.copy_(fixed)
        for state in pack.update.tensors().values():
            state.zero_()
        update_once(pack, rows, index)
        total += (fixed - pack.parameters.flat) / recipe.learning_rate / (1 - momentum) * 16
    pack.parameters.flat.copy_(fixed)

    module = MLP(pack.task.network).double()
    module.load_state_dict(pack.parameters.get(0))
    loss = num_rows * mean_loss("multiclass", module(data.train.x.double()), data.train.target.double())
    loss = loss + sum(0.7 * p.square().sum() + 0.4 * p.abs().sum() for p in module.parameters())
    (num_epochs * loss).backward()
    pack.parameters.flat.copy_(total)
    for name, parameter in module.named_parameters():
        torch.testing.assert_close(pack.parameters.get(0)[name], parameter.grad, atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize(
    ("penalty", "prior", "scale"),
    [
        ("l2_penalty", torch.distributions.Normal, 6**-0.5),
        ("l1_penalty", torch.distributions.Laplace, 1 / 3),
    ],
)
def test_a_penalty_of_three_is_the_slope_of_minus_a_log_prior(penalty, prior, scale):
    """L2 is a Gaussian with σ² = 1/(2λ), L1 a Laplace density with s = 1/λ; the mean loss gets a T-th [3.2-09]."""
    density = prior(0, torch.tensor(scale, dtype=torch.float64))
    data = problem("binary", num_train=32)
    pack = data.pack([small_recipe(), small_recipe(**{penalty: 3.0})], torch.float64)
    for k in range(2):  # the same values twice, none of them zero
        pack.parameters.put(k, {name: value + 0.1 for name, value in pack.parameters.get(k).items()})
    weight = pack.parameters.get(1)["layers.2.weight"].requires_grad_()
    update_once(pack, torch.arange(16), 0)
    plain, penalised = (pack.parameters.get(k)["layers.2.weight"] for k in range(2))
    (slope,) = torch.autograd.grad(-density.log_prob(weight).sum(), weight)

    torch.testing.assert_close((plain - penalised) / 0.1 * 32, slope, atol=1e-10, rtol=0)


@pytest.mark.parametrize("penalty", ["l1_penalty", "l2_penalty"])
def test_a_penalty_on_the_output_layer_alone_spares_the_others(penalty):
    """The first update differs from the unpenalised one in the output layer only [3.2-13]."""
    data = problem("binary")
    recipes = [small_recipe(), small_recipe(**{penalty: (0, 0, 50.0)})]
    pack = data.pack(recipes, torch.float64)
    for k in range(2):  # the same values twice, none of them zero
        pack.parameters.put(k, {name: value + 0.1 for name, value in pack.parameters.get(k).items()})
    update_once(pack, torch.arange(16), 0)
    plain, penalised = pack.parameters.get(0), pack.parameters.get(1)
    changed = {name for name in plain if not torch.allclose(plain[name], penalised[name], atol=1e-12)}

    assert changed == {"layers.2.weight"}


def test_the_average_starts_as_the_plain_mean():
    """While 1 − 1/t is below the decay, it is the mean of all parameters since the first update."""
    pack = problem("binary").pack([small_recipe(averaging=0.99)], torch.float64)
    seen = []
    for index, rows in enumerate(Order(90, 16, 0, "reshuffle").batches(0, 20)):
        update_once(pack, rows, index)
        seen.append(pack.parameters.flat.clone())

    torch.testing.assert_close(pack.average.flat, torch.stack(seen).mean(0), atol=1e-14, rtol=0)


def test_averages_never_feed_back_into_training():
    """The trajectory is bitwise the one without averaging [3.1-16]."""
    data = problem("multiclass")
    averaged, plain = (data.pack([small_recipe(averaging=a)]) for a in (0.9, 0.0))
    advance(averaged, NUM_STEPS)
    advance(plain, NUM_STEPS)

    assert torch.equal(averaged.parameters.flat, plain.parameters.flat)
    assert not torch.equal(averaged.average.flat, plain.parameters.flat)


def test_the_batch_loss_is_that_before_the_update():
    """What is sampled as training loss is the loss whose slope was taken."""
    data = problem("multiclass")
    recipe = small_recipe()
    pack = data.pack([recipe, recipe.changed(seed=1)], torch.float64)
    rows = torch.stack([torch.arange(16), torch.arange(40, 56)])
    advance(pack, 20)
    expected = []
    for k in range(2):
        module = MLP(pack.task.network).double()
        module.load_state_dict(pack.parameters.get(k))
        logits = module(data.train.x[rows[k]].double())
        expected.append(mean_loss("multiclass", logits, data.train.target[rows[k]]).detach())
    update_once(pack, rows, 20)

    torch.testing.assert_close(pack.program.batch_losses(), torch.stack(expected), check_dtype=False)


def test_a_new_rate_counts_from_the_next_update():
    """With rate zero nothing moves, penalty or not."""
    pack = problem("binary").pack([small_recipe(l2_penalty=1.0), small_recipe(l2_penalty=1.0, seed=1)])
    rows = torch.arange(32).view(2, 16)
    update_once(pack, rows, 0)
    before = pack.parameters.get(0), pack.parameters.get(1)

    update_once(pack, rows, 1, rates=[0.0, 0.1])

    assert all(torch.equal(value, before[0][name]) for name, value in pack.parameters.get(0).items())
    assert not torch.equal(pack.parameters.get(1)["layers.2.bias"], before[1]["layers.2.bias"])


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
@pytest.mark.parametrize("mode", ["plain", "penalised biases", "all"])
@every_activation
def test_padding_stays_zero(activation, mode, num_levels):
    """After 100 updates nothing has leaked beyond the real sizes, for the sigmoid (½ at zero) either."""
    data = problem("multiclass", num_levels=num_levels)
    recipes = two_recipes(activation, mode)
    pack = data.pack(recipes)
    advance(pack, 100)
    for kept in (pack.parameters, pack.program.gradient, pack.average, pack.best):
        if kept is None:
            continue
        everything = float(kept.flat.abs().sum(dtype=torch.float64))
        real = sum(float(v.abs().sum(dtype=torch.float64)) for k in range(2) for v in kept.get(k).values())

        for k in range(2):
            kept.put(k, {name: torch.zeros_like(value) for name, value in kept.get(k).items()})
        assert not kept.flat.any()
        assert everything == pytest.approx(real, rel=1e-12)


def test_the_unseen_level_stays_at_zero():
    """No training row asks for level 0, so nothing, penalties included, moves its numbers."""
    data = problem("binary", num_levels=(4, 7))
    pack = data.pack([small_recipe(l1_penalty=0.1, l2_penalty=0.1)])
    advance(pack, 50)

    for column in range(2):
        table = pack.parameters.get(0)[f"embeddings.{column}.weight"]
        assert not table[0].any()
        assert table[1:].any()


def test_rows_outside_the_batch_are_not_touched():
    """The data set is read, never written."""
    data = problem("multiclass")
    task = data.laid_out(small_recipe())
    before = task.train.values.clone()
    pack = data.pack([small_recipe()])
    advance(pack, 30)

    assert torch.equal(pack.task.train.values, before)
    assert torch.equal(Rows.of(data.train, task.network).values, before)
