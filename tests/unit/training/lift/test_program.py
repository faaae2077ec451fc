"""Facts about the program of a user's module."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from tests.oracles.modules import LIFTABLE, ZOO, zoo_recipes
from tests.oracles.problems import problem, small_recipe

from practicum.core.errors import DataError
from practicum.data.tree import mapped
from practicum.training.lift import program as program_module
from practicum.training.lift.instance import instances
from practicum.training.lift.program import START_BATCHES, LiftedProgram, chunk_size
from practicum.training.order import Order
from practicum.training.program import Descends

ROWS = torch.arange(8)


def program(name, count=3, dtype=torch.float32, **values):
    """Return a lifted program of a case."""
    return LiftedProgram(ZOO[name].task(dtype), zoo_recipes(count, **values))


@pytest.mark.parametrize("name", LIFTABLE)
def test_evaluation_is_each_plain_modules(name):
    """In eval mode, with each trial's own statistics, to 1e-10 in double precision."""
    task, recipes = ZOO[name].task(torch.float64), zoo_recipes(2, dropout=0.3)
    packed = LiftedProgram(task, recipes)
    packed.gradients(ROWS, 0)
    found = packed.evaluate(packed.parameters)

    for k, module in enumerate(instances(task, recipes)):
        module.load_state_dict(packed.weights_of(packed.parameters, k))
        losses = task.loss(module.eval(), mapped(task.valid, torch.clone))
        torch.testing.assert_close(found.row_losses[k], losses.detach(), atol=1e-10, rtol=1e-10)
        assert found.loss[k] == pytest.approx(losses.mean().item(), abs=1e-10)


def test_errors_are_misclassified_fractions():
    """Of the validation rows."""
    one = program("mlp")
    found = one.evaluate(one.parameters).error

    module = ZOO["mlp"].task().build(None)
    module.load_state_dict(one.weights_of(one.parameters, 1))
    valid = one.task.valid
    assert found[1] == pytest.approx((module(valid["x"]).argmax(1) != valid["y"]).double().mean().item())


def test_other_parameters_can_be_evaluated():
    """An average, for example; the program's own stay."""
    one = program("mlp")
    zeros = one.parameters.like()
    before = one.parameters.flat.clone()
    found = one.evaluate(zeros)

    assert found.loss == pytest.approx(np.full(3, np.log(3)))
    assert torch.equal(one.parameters.flat, before)


def test_evaluation_in_chunks_is_the_same(monkeypatch):
    """Row by row, for the last and shorter chunk too."""
    one = program("mlp", dtype=torch.float64)
    whole = one.evaluate(one.parameters).row_losses
    monkeypatch.setattr(program_module, "CHUNK", 7)
    parts = one.evaluate(one.parameters).row_losses

    torch.testing.assert_close(parts, whole, atol=1e-12, rtol=0)


def test_evaluation_changes_nothing():
    """Neither statistics nor the mode of any part."""
    one = program("batch_norm")
    before = {name: value.clone() for name, value in one.buffers.items()}
    gradients = [gradient.clone() for gradient in program("batch_norm").gradients(ROWS, 0)]
    one.evaluate(one.parameters)

    assert all(torch.equal(one.buffers[name], value) for name, value in before.items())
    assert all(torch.equal(a, b) for a, b in zip(one.gradients(ROWS, 0), gradients, strict=True))


def test_a_part_that_was_built_in_eval_mode_stays_so():
    """A frozen BatchNorm keeps its statistics."""

    def build(recipe):
        module = ZOO["batch_norm"].build(recipe)
        module[1].eval()
        return module

    one = LiftedProgram(ZOO["batch_norm"].task(build=build), zoo_recipes(2))
    one.evaluate(one.parameters)
    one.gradients(ROWS, 0)

    assert one.buffers["1.num_batches_tracked"].tolist() == [0, 0]


def test_weights_are_a_state_dict():
    """With tied and frozen ones, so that a plain module takes them strictly."""
    for name in ("tied", "frozen", "batch_norm", "replaced_buffer"):
        one = program(name)
        module = ZOO[name].task().build(None)

        assert not any(module.load_state_dict(one.weights_of(one.parameters, 2), strict=True))


def test_weights_are_copies_of_the_wanted_buffers():
    """Those of the best validation may be others than the present ones."""
    one = program("batch_norm")
    kept = {name: value.clone() for name, value in one.buffers.items()}
    one.gradients(ROWS, 0)
    weights = one.weights_of(one.parameters, 0, kept)
    one.parameters.flat.zero_()

    assert weights["1.running_mean"].abs().sum() == 0
    assert weights["0.weight"].abs().sum() > 0


def test_a_selection_goes_on_as_before():
    """Trials 2 and 0 of three, with their statistics, rates and noise."""
    for name in ("batch_norm", "own_dropout_rates", "dropout"):
        one = program(name, dtype=torch.float64, dropout=0.3)
        one.gradients(ROWS, 0)
        two = one.select(torch.tensor([2, 0]))
        pairs = zip(one.gradients(ROWS, 1), two.gradients(ROWS, 1), strict=True)

        assert two.num_trials == 2
        assert [recipe.seed for recipe in two.recipes] == [2, 0]
        for all_of_them, chosen in pairs:
            torch.testing.assert_close(all_of_them[[2, 0]], chosen, atol=1e-12, rtol=1e-12)
        for key, value in one.buffers.items():
            torch.testing.assert_close(value[[2, 0]], two.buffers[key], atol=1e-12, rtol=1e-12)


def test_a_lone_survivor_stays_lifted():
    """To switch to the plain module would change its bits."""
    assert program("mlp").select(torch.tensor([1])).lifted


def test_gradients_may_be_overwritten():
    """None shares memory with another or is seen twice, whatever autograd gives."""

    class Sums(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = torch.nn.Parameter(torch.ones(3)), torch.nn.Parameter(torch.ones(3))

        def forward(self, x):
            return (self.a + self.b).sum() + x[:, :1]

    task = ZOO["binary"].task(build=lambda recipe: Sums())
    for one in (LiftedProgram(task, zoo_recipes(2)), LiftedProgram(task, zoo_recipes(1), lifted=False)):
        a, b = one.gradients(ROWS, 0)
        expected = a.clone()
        a.add_(1)

        assert torch.equal(b, expected)


def test_the_start_is_the_mean_training_loss():
    """Of the untrained trials, on random minibatches; running statistics are put back."""
    one = program("batch_norm")
    before = {name: value.clone() for name, value in one.buffers.items()}
    found = one.start_loss()

    module = ZOO["batch_norm"].task().build(zoo_recipes(2)[1])
    module.load_state_dict(one.weights_of(one.parameters, 1))
    train = one.task.train
    order = Order(one.task.num_train, 8, 0, "shuffle_once").batches(0, START_BATCHES)
    losses = [F.cross_entropy(module(train["x"][rows]), train["y"][rows]).item() for rows in order]
    assert found[1] == pytest.approx(sum(losses) / len(losses), rel=1e-5)
    assert all(torch.equal(one.buffers[name], value) for name, value in before.items())
    assert one.sampled_start(ROWS) == 0


def test_the_batch_loss_is_the_mean_of_the_rows():
    """Before the update."""
    one = program("mlp")
    one.gradients(ROWS, 0)

    torch.testing.assert_close(one.batch_losses(), one.row_losses().mean(1))


def test_label_smoothing_corruption_and_penalty_are_each_trials_own():
    """Packed as alone, to 1e-10 in double precision."""
    task = ZOO["prelu"].task(torch.float64)
    for kind in ("masking", "gaussian", "salt_and_pepper"):
        recipes = [
            recipe.changed(
                corruption=kind,
                corruption_level=0.2 * recipe.seed,
                label_smoothing=0.1 * recipe.seed,
                sparsity_penalty=0.1 * recipe.seed,
            )
            for recipe in zoo_recipes(3)
        ]
        packed = LiftedProgram(task, recipes).gradients(ROWS, 5)

        for k, recipe in enumerate(recipes):
            alone = LiftedProgram(task, [recipe], lifted=False).gradients(ROWS, 5)
            for one, other in zip(packed, alone, strict=True):
                torch.testing.assert_close(one[k], other[0], atol=1e-10, rtol=1e-10)


def test_a_trial_without_noise_packed_with_noisy_ones_has_none():
    """Its gradient is that of a pack without any."""
    noisy = [recipe.changed(corruption_level=0.3 * recipe.seed) for recipe in zoo_recipes(2)]
    one = LiftedProgram(ZOO["mlp"].task(), noisy).gradients(ROWS, 0)
    other = program("mlp", 2).gradients(ROWS, 0)

    assert torch.equal(one[0][0], other[0][0])
    assert not torch.equal(one[0][1], other[0][1])


def test_numbers_of_a_forward_pass_are_counted():
    """Five layers of values for each example, about."""
    assert 8 <= program("mlp").num_values <= 64


def test_a_trial_alone_learns_its_size_when_it_is_evaluated():
    """About what a lifted one has learned before."""
    one = LiftedProgram(ZOO["mlp"].task(), zoo_recipes(1), lifted=False)
    one.evaluate(one.parameters)

    assert 8 <= one.num_values <= 64


def test_a_large_module_is_evaluated_in_small_chunks():
    """Memory stays within the limit."""
    assert chunk_size(1 << 30) == 1


def test_data_that_do_not_suit_the_loss_are_refused():
    """Before anything is built."""
    with pytest.raises(DataError, match="class numbers as int64"):
        LiftedProgram(ZOO["mlp"].task(valid=ZOO["regression"].task().valid), zoo_recipes(1))


def test_modules_of_unknown_form_have_no_direct_step():
    """Only our own perceptron can step without storing its gradient."""
    assert not isinstance(program("mlp"), Descends)
    assert isinstance(problem("binary").pack([small_recipe()]).program, Descends)


def test_validation_does_not_depend_on_how_many_trials_there_are():
    """Nor do its chunks: a loss that looks at the other rows of a batch gives one number whatever K is."""

    def beside_others(model, batch):
        out = model(batch["x"])
        return (out @ out.T).logsumexp(1)

    task = ZOO["mlp"].task(loss=beside_others)
    losses = []
    for count in (1, 2, 9):
        one = LiftedProgram(task, zoo_recipes(count))
        losses.append(float(one.evaluate(one.parameters).loss[0]))

    assert losses == pytest.approx([losses[0]] * 3, rel=1e-6)
