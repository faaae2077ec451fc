"""Facts about a tried setting: what a strategy is told of its trainings, and how uncertain its error is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.arenas import BASE, result, setting

from practicum.core.events import Validated
from practicum.core.record import Record
from practicum.tuning.setting import curves_of, standard_error, tried_of


def test_errors_are_averaged_over_folds_and_costs_added():
    """Of a setting trained on three folds; its age is that of the longest."""
    results = [
        result(k, error, num_steps=steps, seconds=2.0)
        for k, (error, steps) in enumerate([(0.1, 50), (0.2, 100), (0.6, 75)])
    ]
    tried = tried_of(4, {"learning_rate": 0.1}, results, 50)

    assert (tried.number, tried.age, tried.cost) == (4, 100 * BASE.batch_size, 6.0)
    assert tried.error == pytest.approx(0.3)


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
    tried = tried_of(0, {}, results, 50)

    assert (tried.diverged, tried.halted) == (diverged, halted)


def test_an_error_without_a_number_is_infinite():
    """The mean of a fold that reached nothing is nothing."""
    tried = tried_of(0, {}, [result(0, 0.1), result(1, math.inf)], 50)

    assert tried.error == math.inf
    assert math.isnan(tried.standard_error)


@given(st.floats(0, 1), st.integers(20, 5000))
def test_the_doubt_of_a_fraction_is_a_binomials(error, num_valid):
    """Half a row added, so that no error in few rows is no certainty."""
    found = standard_error(np.array([error]), num_valid)

    assert 0 < found <= 0.5 / math.sqrt(num_valid) + 1e-12
    assert found == pytest.approx(math.sqrt(error * (1 - error) / num_valid), abs=1 / num_valid)


@pytest.mark.parametrize(("kind", "power"), [("root", 0.5), ("square", 1.0)])
def test_the_doubt_of_squares_is_that_of_normal_residuals(kind, power):
    """As drawn 4000 times."""
    draws = np.random.default_rng(0).normal(size=(4000, 200))
    errors = (draws**2).mean(1) ** power
    expected = standard_error(np.array([errors.mean()]), 200, kind)

    assert expected == pytest.approx(errors.std(), rel=0.05)


def test_more_folds_are_more_rows():
    """Five folds of 20 rows are as sure as 100 rows."""
    folds = standard_error(np.full(5, 0.2), 20)

    assert folds == standard_error(np.array([0.2]), 100)
    assert math.isnan(standard_error(np.array([0.2]), 0))
    assert math.isnan(standard_error(np.array([0.2]), 100, "unknown"))


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
