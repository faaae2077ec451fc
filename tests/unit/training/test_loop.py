"""Facts about the loop: events, ends, best weights."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.oracles.problems import advance, problem, same_bits, small_recipe, update_once
from tests.oracles.stand_ins import CurveEvaluator, curve_pack, ends_of, significance_pack, stand_still

from practicum.core.events import Validated
from practicum.training.loop import DIVERGED_RATIO, run
from practicum.training.mlp.evaluate import Evaluator


def validations_of(events):
    """Return the validations after the first update."""
    return [event for event in events if isinstance(event, Validated) and event.step]


def test_without_early_stopping_training_goes_on():
    """However flat the curve; the best is still kept [3.1-10]."""
    pack = curve_pack([[0.5, 0.4, 0.6]], early_stopping=False, patience_steps=1, validate_every_steps=10)
    events = advance(pack, 2000)

    assert (pack.step, ends_of(events)) == (2000, {})
    assert pack.stopping.best_index.tolist() == [19]


def test_it_ends_exactly_at_the_last_update_with_a_validation():
    """Though validations come every 25 updates, the last word is at 60."""
    pack = problem("binary").pack([small_recipe(num_steps=60, validate_every_steps=25)])
    events = advance(pack, 1000)

    assert [event.step for event in validations_of(events)] == [25, 50, 60]
    assert ends_of(events) == {0: (60, "num_steps")}
    assert pack.step == 60


def test_the_end_of_one_trial_is_no_validation_of_another():
    """A neighbour's number of updates is not in this trial's recipe, so it must not change when it is judged."""
    data = problem("regression")
    alone, packed = data.pack([small_recipe()]), data.pack([small_recipe(), small_recipe(num_steps=30)])
    expected = [event.step for event in validations_of(advance(alone, 100))]
    found = [event.step for event in validations_of(advance(packed, 100)) if event.alive[0]]

    assert found == expected


def test_the_generator_hands_the_pack_back():
    """At its end, for whoever drives it by hand."""
    pack = problem("binary").pack([small_recipe()])
    handed_back = []

    def drive():
        handed_back.append((yield from run(pack, 10)))

    list(drive())

    assert handed_back == [pack]


def test_training_waits_for_its_reader():
    """It is a generator: between two events nothing happens."""
    pack = problem("binary").pack([small_recipe(validate_every_steps=10)])
    generator = run(pack, 100)
    first, second = next(generator), next(generator)

    assert (first.step, second.step, pack.step) == (0, 10, 10)


def test_no_gradient_tape_is_left_on_or_off():
    """The caller's grad mode is as before, also while the generator waits between two events."""
    pack = problem("binary").pack([small_recipe()])
    generator = run(pack, 100)
    next(generator)
    between = torch.is_grad_enabled()
    generator.close()

    assert between
    assert torch.is_grad_enabled()


def test_the_first_event_is_the_untrained_net():
    """Every curve has its beginning; nothing was trained, so there is no training loss."""
    pack = problem("multiclass").pack([small_recipe(), small_recipe(seed=1)])
    first = advance(pack, 25)[0]

    assert (first.step, first.age, first.trials) == (0, 0, (0, 1))
    assert first.valid_loss == pytest.approx([np.log(3)] * 2)
    assert np.isnan(first.train_loss).all()
    assert not first.improved.any()


def test_age_is_examples_seen():
    """Updates times batch size [4.2-02]."""
    pack = problem("binary").pack([small_recipe(batch_size=16)])

    assert [event.age for event in advance(pack, 50) if isinstance(event, Validated)] == [0, 25 * 16, 50 * 16]


@pytest.mark.parametrize("interval", [1, 3, 7, 8, 25])
@pytest.mark.parametrize("num_steps", [40, 41, 43])
def test_every_validation_has_a_training_loss(interval, num_steps):
    """However near two validations are, at least one minibatch between them is measured."""
    pack = problem("binary").pack([small_recipe(validate_every_steps=interval, num_steps=num_steps)])
    losses = [float(event.train_loss[0]) for event in validations_of(advance(pack, 100))]

    assert all(0.1 < loss < 1 for loss in losses)


def test_the_training_loss_is_near_the_loss_of_all_minibatches():
    """The sample of every eighth stands for them all."""
    data = problem("binary", num_train=400)
    recipe = small_recipe(validate_every_steps=200, learning_rate=0.01)
    pack, watched = data.pack([recipe]), data.pack([recipe])
    (event,) = validations_of(advance(pack, 200))
    every = []
    for index, indices in enumerate(watched.batches(0, 200)):
        update_once(watched, indices, index)
        every.append(float(watched.program.batch_losses()))

    assert event.train_loss[0] == pytest.approx(np.mean(every), rel=0.05)


@pytest.mark.parametrize("averaging", [0.0, 0.9])
@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_the_best_weights_are_those_of_the_best_validation(task, averaging):
    """Evaluated again, they give the best error and loss to the last bit."""
    recipes = [small_recipe(seed=seed, learning_rate=0.5, averaging=averaging) for seed in (0, 1)]
    pack = problem(task).pack(recipes)
    events = advance(pack, 300)
    again = Evaluator(pack.task.network, pack.best, pack.task.valid).run()
    lowest = np.min([event.valid_error for event in validations_of(events)], axis=0)

    assert again.error.tolist() == pack.stopping.best_error.tolist() == lowest.tolist()
    assert again.loss.tolist() == pack.stopping.best_loss.tolist()
    assert not same_bits(pack.best.get(0), pack.parameters.get(0))


def test_with_averaging_the_average_is_judged_and_kept():
    """What predicts is the moving average of the parameters, not the last of them [3.1-16]."""
    pack = problem("binary").pack([small_recipe(averaging=0.9, validate_every_steps=25)])
    (event,) = validations_of(advance(pack, 25))
    average = Evaluator(pack.task.network, pack.average, pack.task.valid).run()

    assert event.valid_loss.tolist() == average.loss.tolist()
    assert same_bits(pack.best.get(0), pack.average.get(0))
    assert not same_bits(pack.best.get(0), pack.parameters.get(0))


@pytest.mark.parametrize("cuts", [(10, 20, 30), (1, 2, 3, 64, 65), (25, 50, 75, 100), (99,)])
def test_one_rung_or_many_make_no_difference(cuts):
    """Where the rungs end changes neither weights nor events, schedule and sampled losses included."""
    settings = {"decay_start_step": "auto", "momentum": 0.5, "num_steps": 130, "patience_steps": 60}
    recipes = [small_recipe(seed=seed, learning_rate=0.2, **settings) for seed in (0, 1)]
    data = problem("multiclass")
    whole, pieces = data.pack(recipes), data.pack(recipes)
    expected = advance(whole, 200)
    found = [event for until in (*cuts, 200) for event in advance(pieces, until)]

    assert torch.equal(pieces.parameters.flat, whole.parameters.flat)
    assert torch.equal(pieces.best.flat, whole.best.flat)
    assert [repr(event) for event in found] == [repr(event) for event in expected]


def test_a_trial_that_has_ended_is_left_where_it_was():
    """Its best no longer moves and it is not validated any more, though its pack goes on."""
    data = problem("binary")
    pack = data.pack([small_recipe(num_steps=50), small_recipe(seed=1)])
    advance(pack, 50)
    best = pack.best.get(0)
    events = advance(pack, 200)

    assert same_bits(pack.best.get(0), best)
    assert ends_of(events) == {}
    assert not any(event.alive[0] for event in validations_of(events))


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
@pytest.mark.parametrize("task", ["multiclass", "binary", "regression"])
def test_a_rate_of_a_million_ends_as_diverged(task, activation):
    """It is marked at the first validation, its numbers are never a best, and the others go on."""
    recipes = [small_recipe(learning_rate=rate, activation=activation) for rate in (0.01, 1e6, 0.02)]
    pack = problem(task).pack(recipes)
    events = advance(pack, 100)

    assert ends_of(events) == {1: (25, "diverged")}
    assert pack.alive.tolist() == [True, False, True]
    assert np.isfinite(pack.stopping.best_error[[0, 2]]).all()
    assert pack.stopping.best_index[1] == -1


def test_a_trial_can_diverge_after_a_good_start():
    """Then its best from before is kept, with finite weights."""
    pack = problem("regression").pack([small_recipe()])
    advance(pack, 50)
    best = pack.best.get(0)
    pack.coefficients.learning_rate[0] = 1e6
    events = advance(pack, 100)

    assert ends_of(events) == {0: (75, "diverged")}
    assert np.isfinite(pack.stopping.best_error).all()
    assert same_bits(pack.best.get(0), best)


@pytest.mark.parametrize(
    ("loss", "diverged"),
    [
        (DIVERGED_RATIO * 0.99 * math.log(2), False),
        (DIVERGED_RATIO * 1.01 * math.log(2), True),
        (float("nan"), True),
        (float("inf"), True),
    ],
)
def test_divergence_is_told_by_the_training_loss(loss, diverged):
    """Several times the untrained loss, here log 2, or not a number: a net can be finite and yet lost."""
    pack = curve_pack([[0.5]], validate_every_steps=10)
    stand_still(pack, loss)

    assert ("diverged" in [reason for _, reason in ends_of(advance(pack, 10)).values()]) is diverged


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_validation_loss_that_is_not_finite_is_divergence_too(loss):
    """Whatever the minibatches say: such weights predict nothing."""
    pack = curve_pack([[0.5]], validate_every_steps=10)
    pack.evaluate = CurveEvaluator([[0.5]], loss=loss).run

    assert ends_of(advance(pack, 10)) == {0: (10, "diverged")}
    assert pack.stopping.best_index.tolist() == [-1]


def test_a_row_that_is_most_of_the_loss_is_no_divergence():
    """A target with heavy tails: whenever the row is sampled the loss explodes, as it did before the first update."""
    data = problem("regression", num_train=400)
    target = torch.zeros(400, 1)
    target[7] = 20.0  # half its square is 200, as much as the other rows of a standardised target together
    data = replace(data, train=replace(data.train, target=target))
    pack = data.pack(
        [small_recipe(learning_rate=1e-6, batch_size=4), small_recipe(learning_rate=1e6, batch_size=4)]
    )
    events = advance(pack, 2000)

    assert max(event.train_loss[0] for event in validations_of(events)) > DIVERGED_RATIO * pack.start_loss[0]
    assert ends_of(events) == {1: (75, "diverged")}  # the first validation after the row was drawn


def test_the_training_loss_counts_from_the_last_validation():
    """What was sampled before it is forgotten."""
    pack = curve_pack([[0.5]], validate_every_steps=10)
    stand_still(pack, 1.0)
    events = advance(pack, 10)
    stand_still(pack, 2.0)
    events += advance(pack, 20)

    assert [float(event.train_loss[0]) for event in validations_of(events)] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("significant", "improved"), [(True, [True, False, True, False]), (False, [True, True, True, True])]
)
def test_only_a_significant_gain_counts_when_asked(significant, improved):
    """Shifts of 0 and 0.001 drown in noise of 0.1, one of 0.2 does not; the first is always the best so far."""
    pack = significance_pack([0.0, -0.001, -0.2, -0.201], significant)
    events = validations_of(advance(pack, 40))

    assert [bool(event.improved[0]) for event in events] == improved


def test_a_recipe_that_asks_for_significance_finds_a_best():
    """On real losses: a first best, and fewer new bests than without."""
    data = problem("multiclass")
    pack = data.pack([small_recipe(), small_recipe(significant_only=True)])
    counts = np.sum([event.improved for event in validations_of(advance(pack, 400))], axis=0)

    assert 1 <= counts[1] < counts[0]
    assert np.isfinite(pack.stopping.best_error).all()


def test_the_schedule_is_followed():
    """The rate told at each validation is that of eq. (2)."""
    pack = problem("binary").pack([small_recipe(decay_start_step=30, decay_exponent=0.5), small_recipe()])
    events = validations_of(advance(pack, 100))

    for event in events:
        expected = 0.1 * (30 / max(event.step, 30)) ** 0.5
        assert event.learning_rate.tolist() == pytest.approx([expected, 0.1], rel=1e-15)


def test_an_automatic_schedule_decays_when_the_loss_flattens():
    """A threshold of 99 % is flat at the second window: decay starts, and only in the trial that asked."""
    automatic = {"decay_start_step": "auto", "decay_threshold": 0.99}
    pack = problem("binary").pack(
        [small_recipe(**automatic), small_recipe(), small_recipe(decay_start_step="auto")]
    )
    events = validations_of(advance(pack, 100))

    assert [event.learning_rate[0] for event in events] == pytest.approx([0.1, 0.1, 0.1 * 50 / 75, 0.05])
    assert {event.learning_rate[1] for event in events} == {0.1}


def test_training_learns():
    """The loss falls well below that of the untrained net."""
    pack = problem("multiclass", num_train=400).pack([small_recipe(learning_rate=0.3)])
    events = advance(pack, 500)

    assert events[-1].train_loss[0] < 0.5 * pack.start_loss
    assert events[-1].valid_error[0] < 0.4
