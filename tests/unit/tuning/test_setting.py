"""Facts about a tried setting: what a strategy is told of its trainings, and how uncertain its error is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.oracles.arenas import BASE, DOUBT, result, setting

from practicum.core.events import Validated
from practicum.core.record import Record
from practicum.tuning.setting import curves_of, near_error, tried_of


def test_errors_are_averaged_over_folds_and_costs_added():
    """Of a setting trained on three folds; its age is that of the longest."""
    results = [
        result(k, error, num_steps=steps, seconds=2.0)
        for k, (error, steps) in enumerate([(0.1, 50), (0.2, 100), (0.6, 75)])
    ]
    tried = tried_of(4, {"learning_rate": 0.1}, results, DOUBT)

    assert (tried.number, tried.age, tried.cost) == (4, 100 * BASE.batch_size, 6.0)
    assert tried.error == pytest.approx(0.3)
    assert tried.standard_error == DOUBT(tried.error, 3)


@pytest.mark.parametrize(
    ("statuses", "diverged", "halted"),
    [
        (("patience", "num_steps"), False, False),
        (("patience", "diverged"), True, False),
        (("failed", "patience"), True, False),
        (("halted", "halted"), False, True),
        (("budget", "patience"), False, False),
        (("stopped", "diverged"), True, False),
        (("halted", "diverged"), True, True),
    ],
)
def test_a_setting_is_what_any_of_its_folds_was(statuses, diverged, halted):
    """One that blew up is enough; what the clock cut short was not given up."""
    results = [result(k, status=status) for k, status in enumerate(statuses)]
    tried = tried_of(0, {}, results, DOUBT)

    assert (tried.diverged, tried.halted) == (diverged, halted)


def test_an_error_without_a_number_is_infinite():
    """The mean of a fold that reached nothing is nothing."""
    tried = tried_of(0, {}, [result(0, 0.1), result(1, math.inf)], DOUBT)

    assert tried.error == math.inf
    assert math.isnan(tried.standard_error)


def test_the_error_around_the_best_is_the_mean_of_three_validations():
    """Of two at an end of the curve; averaged over folds; not known where a curve is missing."""
    size = BASE.batch_size
    curve = ((10 * size, 0.5), (20 * size, 0.2), (30 * size, 0.4), (40 * size, 0.9))
    inner, last = result(0, 0.2, best_step=20), result(1, 0.9, best_step=40)

    assert near_error(inner, curve) == pytest.approx((0.5 + 0.2 + 0.4) / 3)
    assert near_error(last, curve) == pytest.approx((0.4 + 0.9) / 2)
    assert math.isnan(near_error(result(0, 0.2, best_step=0), curve))
    assert math.isnan(near_error(result(0, math.inf, best_step=20), curve))
    untrained = ((0, 0.5), (10 * size, 0.2))
    assert math.isnan(near_error(result(0, 0.2, best_step=10), untrained))
    assert near_error(result(0, 0.2, best_step=10), (*untrained, (20 * size, 0.3))) == pytest.approx(0.25)
    both = tried_of(0, {}, [inner, last], DOUBT, [curve, curve])
    assert both.near_error == pytest.approx((1.1 / 3 + 0.65) / 2)
    assert both.curve == ()
    assert math.isnan(tried_of(0, {}, [inner, last], DOUBT, [curve, ()]).near_error)
    assert tried_of(0, {}, [inner], DOUBT, [curve]).curve == curve


def test_curves_are_those_of_the_trials_asked_for():
    """(Age, error) at each validation, oldest first."""
    record = Record()
    for step, errors in ((25, (0.5, 0.6)), (50, (0.4, 0.7))):
        two = np.array(errors)
        record.fold(
            [
                Validated(
                    step=step,
                    trials=(3, 4),
                    age=16 * step,
                    learning_rate=np.array([0.1, 0.1]),
                    train_loss=two,
                    valid_loss=two,
                    valid_error=two,
                    improved=np.array([True, True]),
                    alive=np.array([True, True]),
                )
            ]
        )

    assert curves_of(record, [4]) == {4: ((400, 0.6), (800, 0.7))}


def test_weights_can_be_let_go():
    """All else stays; nothing is made where there are none."""
    heavy = setting(number=3)
    light = heavy.without_weights()

    assert not light.results[0].weights
    assert light.tried == heavy.tried
    assert light.without_weights() is light
