"""Facts about Bottou's rate: the trial's state is not touched, and the best candidate goes on."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from tests.oracles.modules import ZOO
from tests.oracles.problems import advance, problem, same_bits, small_recipe, update_once
from torch import nn

from practicum.core.errors import ConfigError
from practicum.core.events import Validated
from practicum.recipe import Recipe
from practicum.training.bottou import FACTORS, RateTrials, run_with_bottou, set_rates, train_with_bottou
from practicum.training.lift.task import ModelTask
from practicum.training.pack import Pack
from practicum.training.snapshot import take

DATA = problem("binary")
USUAL = {"every_steps": 60, "subset_rows": 32, "until": 200}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"momentum": 0.7, "dropout": 0.2},
        {"update_rule": "adam", "learning_rate": 0.01, "averaging": 0.9, "clip_norm": 1.0},
        {"early_stopping": False, "decay_start_step": "auto", "l2_penalty": 0.1},
    ],
)
def test_the_state_is_restored_exactly(values):
    """With the present rate as the only candidate, training is plain training, bit for bit."""
    recipe = small_recipe(**values)
    task = DATA.laid_out(recipe)
    plain = Pack([recipe], task)
    events = advance(plain, 200)
    found = train_with_bottou(recipe, task, factors=(1.0,), **USUAL)

    assert repr(list(found.events)) == repr(events)
    assert same_bits(found.weights, plain.best_of(0))
    assert found.rates == tuple((step, recipe.learning_rate) for step in (0, 60, 120, 180))


def test_choosing_changes_nothing_of_the_trial():
    """Not a bit of all that a snapshot holds."""
    pack = Pack([small_recipe(momentum=0.5)], DATA.laid_out(small_recipe()))
    trials = RateTrials(pack, FACTORS, 60, 32)
    advance(pack, 60)
    before = take(pack)
    trials.choose(pack)
    after = take(pack)

    assert before.meta == after.meta
    assert same_bits(before.tensors, after.tensors)


def bowl(curvature, lifted=True):
    """Return a task of one number w with the loss ½ h (w − 1)², where the rate 1/h is the best."""

    class Point(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.zeros(1))

        def forward(self, x):
            return self.w + 0 * x

    def loss(model, batch):
        return curvature * (model(batch["x"]) - 1).square().sum(1) / 2

    rows = {"x": torch.zeros(64, 1)}
    return ModelTask(lambda recipe: Point(), loss, None, rows, {"x": torch.zeros(8, 1)}, lifted=lifted)


@pytest.mark.parametrize("lifted", [True, False])
@pytest.mark.parametrize(
    ("rate", "best"), [(0.025, 0.1), (0.1, 0.1), (0.4, 0.1), (0.08, 0.08), (0.001, 0.004)]
)
def test_the_best_candidate_of_a_quadratic_is_chosen(rate, best, lifted):
    """The nearest to one over its curvature, 10; both too large and too small ones are left."""
    recipe = Recipe(batch_size=8, learning_rate=rate, num_steps=1)
    pack = Pack([recipe], bowl(10.0, lifted))
    choice = RateTrials(pack, FACTORS, 10, 16).choose(pack)

    assert choice.rate == pytest.approx(best)


def test_the_rate_finds_its_way():
    """From a hundred times too small, by 4 at a choice, in both directions."""
    for start in (0.001, 0.19):
        recipe = Recipe(batch_size=8, learning_rate=start, early_stopping=False)
        found = train_with_bottou(recipe, bowl(10.0), every_steps=5, subset_rows=16, until=25)

        assert 0.05 < found.choices[-1].rate < 0.2
        assert found.valid_loss < 1e-3


def test_the_losses_are_those_of_trials_one_by_one():
    """Each rate alone, by hand, on the same rows; the least is kept."""
    recipe = small_recipe(momentum=0.5)
    pack = Pack([recipe], DATA.laid_out(recipe))
    advance(pack, 30)
    trials = RateTrials(pack, FACTORS, 60, 32, trial_steps=3)
    choice = trials.choose(pack)
    expected = []
    for rate in choice.candidates:
        alone = Pack([recipe], pack.task)
        advance(alone, 30)
        for step in range(3):
            update_once(alone, trials._batches[step], 30 + step, [rate])
        losses = []
        for rows in trials.rows.view(2, 16):
            alone.program.gradients(rows, 0)
            losses.append(float(alone.program.batch_losses()[0]))
        expected.append(np.mean(losses))

    assert sorted(choice.candidates) == pytest.approx([0.1 * factor for factor in FACTORS])
    assert choice.losses == pytest.approx(expected, rel=1e-5)
    assert choice.rate == choice.candidates[int(np.argmin(expected))]


def test_what_blows_up_is_not_chosen():
    """Where everything does, the smallest rate is."""
    recipe = Recipe(batch_size=8, learning_rate=1e10, num_steps=1)
    some = Pack([recipe], bowl(10.0))
    mixed = RateTrials(some, (1e-11, 1.0, 1e30), 10, 16, trial_steps=40).choose(some)
    none = RateTrials(some, (1.0, 10.0, 1e30), 10, 16, trial_steps=40).choose(some)

    assert (mixed.rate, np.isfinite(mixed.losses).sum()) == (pytest.approx(0.1), 1)
    assert (none.rate, np.isfinite(none.losses).any()) == (1e10, False)


def test_of_equal_candidates_the_present_rate_is_kept():
    """Where there is nothing to learn."""
    pack = Pack([Recipe(batch_size=8, learning_rate=0.1)], bowl(0.0))

    assert RateTrials(pack, FACTORS, 10, 16).choose(pack).rate == 0.1


@pytest.mark.parametrize(("asked", "given"), [(10, 10), (32, 32), (90, 90), (5000, 90)])
def test_the_subset_is_fixed_and_counted_in_rows(asked, given):
    """Whatever share of the data that is; the seed draws it."""
    task = DATA.laid_out(small_recipe())
    found = [RateTrials(Pack([small_recipe(seed=s)], task), FACTORS, 60, asked).rows for s in (0, 0, 1)]
    larger = problem("binary", num_train=900).laid_out(small_recipe())

    assert [len(rows.unique()) for rows in found] == [given] * 3
    assert torch.equal(found[0], found[1])
    assert torch.equal(found[0], found[2]) is (given == 90)
    assert len(RateTrials(Pack([small_recipe()], larger), FACTORS, 60, asked).rows) == min(asked, 900)


def test_each_rate_holds_until_the_next_choice():
    """The curve of the trial says so."""
    found = train_with_bottou(small_recipe(validate_every_steps=30), DATA.laid_out(small_recipe()), **USUAL)
    rates = dict(found.rates)
    seen = {e.step: float(e.learning_rate[0]) for e in found.events if isinstance(e, Validated) and e.step}

    assert list(rates) == [0, 60, 120, 180]
    assert seen == {step: rates[(step - 1) // 60 * 60] for step in (30, 60, 90, 120, 150, 180)}
    assert found.num_steps == 200
    assert 0 < found.best_step <= 200
    assert math.isfinite(found.valid_error)


def test_a_trial_that_ends_is_not_tried_on():
    """By its own bound on updates."""
    recipe = small_recipe(num_steps=70)
    pack = Pack([recipe], DATA.laid_out(recipe))
    found = list(run_with_bottou(pack, RateTrials(pack, FACTORS, 60, 32), 500))

    assert (pack.step, len(found)) == (70, 2 + 5)


@pytest.mark.parametrize("name", ["batch_norm", "attention_dropout"])
def test_it_works_with_a_users_module(name):
    """Running statistics are the trial's own."""
    task = ZOO[name].task()
    recipe = Recipe(batch_size=8, learning_rate=0.05, early_stopping=False)
    plain = Pack([recipe], task)
    advance(plain, 40)
    found = train_with_bottou(recipe, task, factors=(1.0,), every_steps=10, subset_rows=16, until=40)

    assert same_bits(found.weights, plain.best_of(0))


def test_rates_are_set_for_the_next_updates():
    """As if the recipes had them."""
    task = DATA.laid_out(small_recipe())
    one, other = Pack([small_recipe()], task), Pack([small_recipe(learning_rate=0.3)], task)
    set_rates(one, [0.3])
    advance(one, 25)
    advance(other, 25)

    assert same_bits(one.parameters.get(0), other.parameters.get(0))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"factors": ()}, r"`factors` must be one or more finite numbers > 0, but got factors=\(\)"),
        ({"factors": (1.0, 0.0)}, r"`factors` must be .* got factors=\(1.0, 0.0\)"),
        ({"every_steps": 0}, "`every_steps` must be at least 1, but got every_steps=0"),
        ({"subset_rows": 0}, "`subset_rows` must be at least 1, but got subset_rows=0"),
        ({"trial_steps": 0}, "`trial_steps` must be at least 1, but got trial_steps=0"),
    ],
)
def test_numbers_out_of_range_are_refused(values, message):
    """With what they were."""
    with pytest.raises(ConfigError, match=message):
        train_with_bottou(small_recipe(), DATA.laid_out(small_recipe()), **USUAL | values)


def test_several_trials_are_refused():
    """Each has its own rate."""
    pack = Pack([small_recipe()] * 2, DATA.laid_out(small_recipe()))

    with pytest.raises(ConfigError, match="`pack` must hold one trial, but got 2"):
        RateTrials(pack, FACTORS, 60, 32)
