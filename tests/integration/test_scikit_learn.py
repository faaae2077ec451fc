"""The estimators among scikit-learn's tools, on real tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from joblib import parallel_backend
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from practicum import Classifier, Recipe, Regressor
from practicum.core.seeds import stream

RECIPE = Recipe(num_steps=150, hidden_sizes=(16,), learning_rate=0.05)


@pytest.fixture(scope="module")
def tumours():
    """Return a table with names, and labels."""
    return load_breast_cancer(return_X_y=True, as_frame=True)


@pytest.mark.slow  # two new processes import everything
def test_cross_validation_gives_the_same_in_one_process_and_in_two(tumours):
    """Fits in joblib's workers give the bits of fits here, and good ones."""
    x, y = tumours
    classifier = Classifier(recipe=RECIPE, seeds=1)
    here, there = (cross_val_score(classifier, x, y, cv=3, n_jobs=jobs) for jobs in (1, 2))

    np.testing.assert_array_equal(here, there)
    assert here.mean() > 0.95


def test_threads_of_a_caller_do_not_disturb_each_other(tumours):
    """Fits side by side in one process give the same too."""
    x, y = tumours
    classifier = Classifier(recipe=RECIPE, seeds=1)
    with parallel_backend("threading"):
        found = cross_val_score(classifier, x, y, cv=3, n_jobs=2)

    np.testing.assert_array_equal(found, cross_val_score(classifier, x, y, cv=3))


def test_a_search_finds_what_beats_chance_with_workers_or_without(tumours):
    """With a number of trials, one worker and two give the same committee."""
    x, y = tumours
    train, test, y_train, y_test = train_test_split(x, y, random_state=0, stratify=y)
    space = {"learning_rate": {"log": [0.01, 0.2]}, "num_steps": 100, "hidden_sizes": [16]}
    found = [
        Classifier(space=space, trials=6, seeds=2, folds=2, n_jobs=jobs).fit(train, y_train)
        for jobs in (1, 2)
    ]

    assert found[0].score(test, y_test) > 0.9
    np.testing.assert_array_equal(found[0].predict_proba(test), found[1].predict_proba(test))
    assert found[0].trials_.drop("cost").equals(found[1].trials_.drop("cost"))


@pytest.mark.alone
def test_a_budget_is_kept(tumours):
    """Within a tenth, and a second for what may not be left out."""
    from time import monotonic

    x, y = tumours
    started = monotonic()
    classifier = Classifier(budget="4s").fit(x, y)

    assert monotonic() - started < 4 * 1.1 + 1
    assert classifier.valid_error_ < 0.06


def test_a_grid_over_a_pipeline():
    """Recipes are parameters like others; the best is refitted and near a straight line's R² on this table."""
    x, y = load_diabetes(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), Regressor(seeds=1))
    recipes = [RECIPE.changed(learning_rate=rate) for rate in (1e-5, 0.02)]
    grid = GridSearchCV(pipeline, {"regressor__recipe": recipes}, cv=3).fit(x, y)
    line = cross_val_score(LinearRegression(), x, y, cv=3).mean()

    assert grid.best_params_ == {"regressor__recipe": recipes[1]}
    assert grid.best_score_ > line - 0.08


def test_frames_through_a_column_transformer():
    """Categories may be encoded before, or left to the estimator."""
    number = np.arange(120)
    level = pd.Categorical(np.array(["a", "b", "c"])[number % 3])
    frame = pd.DataFrame({"level": level, "x": np.sin(number)})
    y = (frame["level"] == "b").to_numpy()
    encoded = make_pipeline(
        make_column_transformer((OneHotEncoder(), ["level"]), remainder="passthrough"),
        Classifier(recipe=RECIPE, seeds=1),
    )
    plain = Classifier(recipe=RECIPE, seeds=1)

    assert encoded.fit(frame, y).score(frame, y) == 1
    assert plain.fit(frame, y).score(frame, y) == 1
    assert plain.fit(pl.from_pandas(frame), y).score(pl.from_pandas(frame), y) == 1


def test_weights_are_routed(tumours):
    """``fit`` of a pipeline and ``score`` pass weights on."""
    x, y = tumours
    weights = np.where(y == 0, 1.5, 0.75)
    pipeline = make_pipeline(StandardScaler(), Classifier(recipe=RECIPE, seeds=1))
    pipeline.fit(x, y, classifier__sample_weight=weights)

    assert pipeline.score(x, y, sample_weight=weights) > 0.95


def test_noise_is_not_learned():
    """Labels by chance: what a search says of its own validation rows is checked by rows that have chosen nothing."""
    draw = stream(0, "tests/noise")
    x, y = draw.normal(size=(200, 5)), draw.integers(0, 2, 200)
    space = {"learning_rate": {"log": [0.001, 0.3]}, "num_steps": 60, "hidden_sizes": [8]}
    predicted = cross_val_predict(Classifier(space=space, trials=4, seeds=1, folds=1), x, y, cv=4)

    assert 0.35 < (predicted == y).mean() < 0.65
