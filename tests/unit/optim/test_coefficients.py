"""Facts about hyper-parameters as arrays."""

import dataclasses

import numpy as np
import pytest

from practicum.optim.coefficients import Coefficients
from practicum.recipe import Recipe

RECIPES = [
    Recipe(learning_rate=0.1, hidden_sizes=(8, 8), l1_penalty=3.0, decay_start_step=50, penalise_biases=True),
    Recipe(learning_rate=0.2, hidden_sizes=(8, 8), l2_penalty=(0.0, 6.0, 12.0), momentum=0.9),
    Recipe(
        learning_rate=0.3, hidden_sizes=(8, 8), decay_start_step="auto", averaging=0.99, decay_exponent=0.5
    ),
]


@pytest.fixture
def coefficients():
    """The recipes' numbers for three layers and 60 training rows."""
    return Coefficients.of(RECIPES, num_layers=3, num_rows=60)


def test_a_penalty_is_divided_by_the_number_of_training_rows(coefficients):
    """λ belongs to the total loss, the step to the mean loss (erratum E6); one number stands for every layer."""
    np.testing.assert_allclose(coefficients.l1, [[0.05, 0, 0]] * 3)


def test_penalties_can_differ_by_layer(coefficients):
    """One row a layer, the output layer last [3.2-12/13]."""
    np.testing.assert_allclose(coefficients.l2, [[0, 0.0, 0], [0, 0.1, 0], [0, 0.2, 0]])


def test_decay_starts_when_the_recipe_says(coefficients):
    """Never is infinity, automatic is to be found."""
    np.testing.assert_array_equal(coefficients.decay_start, [50, np.inf, np.nan])


def test_every_other_number_is_the_recipes(coefficients):
    """One a trial, in the order of the recipes, as 64-bit numbers."""
    for name in (
        "learning_rate",
        "momentum",
        "averaging",
        "decay_exponent",
        "decay_threshold",
        "penalise_biases",
    ):
        found = getattr(coefficients, name)

        assert found.dtype == np.float64
        assert found.tolist() == [float(getattr(recipe, name)) for recipe in RECIPES]


def test_selecting_keeps_the_right_trials(coefficients):
    """All arrays follow, in the order asked for."""
    keep = np.array([2, 0])
    chosen = coefficients.select(keep)
    expected = Coefficients.of([RECIPES[2], RECIPES[0]], num_layers=3, num_rows=60)

    for field in dataclasses.fields(Coefficients):
        np.testing.assert_array_equal(getattr(chosen, field.name), getattr(expected, field.name))
