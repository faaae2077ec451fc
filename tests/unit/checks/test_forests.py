"""Facts about small forests and lines that judge rows they have not seen."""

import numpy as np
import pytest

from practicum.checks.forests import folds_of, forest_guesses, linear_guesses, skill, told_apart

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(200, 3))


@pytest.mark.parametrize("guesses", [forest_guesses, linear_guesses])
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_what_is_there_to_be_learned_is_learned(guesses, task):
    """And of shuffled targets nothing is."""
    y = (
        X[:, 0]
        if task == "regression"
        else np.digitize(X[:, 0], [0] if task == "binary" else [-0.5, 0.5]) * 1.0
    )
    found, nothing = (guesses(X, one, task).skill for one in (y, np.random.default_rng(1).permutation(y)))

    assert found.value > 0.25
    assert nothing.value < 3 * nothing.standard_error


def test_guesses_of_a_forest_are_probabilities():
    """A class that a fold lacks has none."""
    y = np.repeat([0.0, 1.0, 2.0], [120, 79, 1])
    found = forest_guesses(X, y, "multiclass")

    np.testing.assert_allclose(found.guess.sum(1), 1)
    assert found.truth.sum(0).tolist() == [120, 79, 1]


def test_rows_of_a_block_are_in_one_fold():
    """Neighbours are kept together."""
    folds = folds_of(100, 0, num_blocks=10).reshape(10, 10)

    assert (folds == folds[:, :1]).all()


def test_targets_that_are_all_one_have_no_skill():
    """There is nothing to learn."""
    assert skill(X, np.ones(200), "regression").value == 0


def test_rows_of_one_kind_cannot_be_told_apart():
    """Moved ones can."""
    other = RANDOM.normal(size=(200, 3))

    assert told_apart(X, other) < 0.6
    assert told_apart(X, other + 2) > 0.9
