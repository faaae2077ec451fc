"""The contract of scikit-learn's estimators: its whole list of checks, none of them expected to fail."""

from __future__ import annotations

from sklearn.utils.estimator_checks import parametrize_with_checks

from practicum import Classifier, Recipe, Regressor, Space

RECIPE = Recipe(num_steps=100, hidden_sizes=(16,), learning_rate=0.1, validate_every_steps=50)
SPACE = Space.from_mapping({"learning_rate": {"log": [0.03, 0.3]}}, base=RECIPE)

SEARCHING = {"space": SPACE, "trials": 2, "seeds": 1, "folds": 1}
GIVEN = {"recipe": RECIPE, "seeds": 1}

ESTIMATORS = [kind(**settings) for kind in (Classifier, Regressor) for settings in (SEARCHING, GIVEN)]


@parametrize_with_checks(ESTIMATORS)
def test_scikit_learn_finds_nothing_wrong(estimator, check):
    """Each check of scikit-learn's list passes."""
    check(estimator)
