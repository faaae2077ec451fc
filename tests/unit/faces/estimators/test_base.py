"""Facts that hold for both estimators."""

from __future__ import annotations

import copy
import pickle

import joblib
import numpy as np
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from practicum import Classifier, ConfigError, DataError, Recipe, Regressor
from practicum.core.seeds import stream

RECIPE = Recipe(num_steps=80, hidden_sizes=(8,), learning_rate=0.1, validate_every_steps=40)
BOTH = pytest.mark.parametrize("kind", [Classifier, Regressor])


def rows(num_rows: int = 80):
    """Return inputs and whole targets 0 and 1 that follow from them."""
    x = stream(0, "tests/estimators").normal(size=(num_rows, 3))
    return x, (x[:, 0] + 0.5 * x[:, 1] > 0).astype(np.int64)


def quick(kind, **settings):
    """Return an estimator that fits at once."""
    return kind(**{"recipe": RECIPE, "seeds": 1, **settings})


def answers(estimator, x):
    """Return probabilities or values."""
    return estimator.predict_proba(x) if hasattr(estimator, "predict_proba") else estimator.predict(x)


@BOTH
def test_the_order_of_rows_does_not_matter(kind):
    """Shuffled rows give the same bits: who trains and who validates follows from their content."""
    x, y = rows()
    order = stream(1, "tests/estimators").permutation(len(x))

    np.testing.assert_array_equal(
        answers(quick(kind).fit(x, y), x), answers(quick(kind).fit(x[order], y[order]), x)
    )


@BOTH
def test_counts_are_repeated_rows(kind):
    """Whole weights give the bits that repeated rows give, zeros those of rows left out."""
    x, y = rows()
    counts = stream(2, "tests/estimators").integers(0, 4, len(x))
    repeated = np.repeat(np.arange(len(x)), counts)

    np.testing.assert_array_equal(
        answers(quick(kind).fit(x, y, sample_weight=counts), x),
        answers(quick(kind).fit(x[repeated], y[repeated]), x),
    )


@BOTH
def test_of_other_weights_only_the_ratios_matter(kind):
    """Importances in another unit give the same bits."""
    x, y = rows()
    weights = stream(3, "tests/estimators").uniform(0.2, 2, len(x))

    np.testing.assert_array_equal(
        answers(quick(kind).fit(x, y, sample_weight=weights), x),
        answers(quick(kind).fit(x, y, sample_weight=8 * weights), x),
    )


@BOTH
@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), "joblib"],
    ids=["deepcopy", "pickle", "joblib"],
)
def test_a_copy_predicts_the_same_bits(kind, copied, tmp_path):
    """Also from a file whose arrays are mapped into memory, and the copy can go on learning."""
    x, y = rows()
    estimator = quick(kind).fit(x, y)
    if copied == "joblib":
        joblib.dump(estimator, tmp_path / "estimator.joblib")
        other = joblib.load(tmp_path / "estimator.joblib", mmap_mode="r")
    else:
        other = copied(estimator)

    np.testing.assert_array_equal(answers(other, x), answers(estimator, x))
    np.testing.assert_array_equal(
        answers(other.partial_fit(x, y), x), answers(estimator.partial_fit(x, y), x)
    )


@BOTH
def test_a_clone_has_the_settings_and_no_knowledge(kind):
    """``clone`` and ``set_params`` do what they do everywhere."""
    x, y = rows()
    other = clone(quick(kind, random_state=4).fit(x, y)).set_params(seeds=2)

    assert other.get_params()["random_state"] == 4
    assert other.recipe == RECIPE
    with pytest.raises(NotFittedError):
        other.predict(x)
    assert other.fit(x, y).n_members_ >= 1


@BOTH
def test_the_seed_decides(kind):
    """Another ``random_state`` gives another committee, the same one the same bits, as none does."""
    x, y = rows()
    found = [answers(quick(kind, random_state=seed).fit(x, y), x) for seed in (None, 0, 1)]

    np.testing.assert_array_equal(found[0], found[1])
    assert (found[0] != found[2]).any()


@BOTH
def test_what_was_learned_is_told(kind):
    """Recipe, values, trials, error and members are there after a search."""
    x, y = rows()
    space = {"learning_rate": {"log": [0.03, 0.3]}, "num_steps": 60, "hidden_sizes": [8]}
    estimator = quick(kind, recipe=None, space=space, trials=2, folds=1).fit(x, y)

    assert set(estimator.best_params_) == {"learning_rate"}
    assert estimator.recipe_.learning_rate == estimator.best_params_["learning_rate"]
    assert estimator.trials_["learning_rate"].len() == 2
    assert 0 <= estimator.valid_error_ < 1
    assert 1 <= estimator.n_members_ <= 3


@BOTH
def test_one_value_is_known_without_learning(kind):
    """Where all targets are alike, that is the answer; settings are checked all the same."""
    x, _ = rows(12)
    estimator = quick(kind).fit(x, np.full(12, 7))

    assert estimator.predict(x).tolist() == [7] * 12
    assert (estimator.n_members_, estimator.valid_error_, len(estimator.trials_)) == (0, 0.0, 0)
    with pytest.raises(ConfigError, match="`sampler` must be one of"):
        quick(kind, recipe=None, sampler="guess").fit(x, np.full(12, 7))


@BOTH
def test_a_fit_that_fails_forgets_nothing(kind):
    """After an error the estimator predicts as before."""
    x, y = rows()
    estimator = quick(kind).fit(x, y)
    before = answers(estimator, x)
    with pytest.raises(DataError, match="constant"):
        estimator.fit(np.ones((20, 3)), y[:20])

    np.testing.assert_array_equal(answers(estimator, x), before)


@BOTH
def test_rows_too_few_to_hold_out_are_learned_all_the_same(kind):
    """Three rows are a table."""
    x, y = np.array([[0.0], [1.0], [2.0]]), np.array([0, 0, 1])

    assert quick(kind).fit(x, y).predict(x).shape == (3,)


@BOTH
def test_columns_of_text_and_gaps_are_learned_from_frames(kind):
    """A category that decides everything is found in polars and in pandas alike; a new level is no error."""
    level = np.array(["low", "high", "middle"])[np.arange(90) % 3]
    noise = stream(5, "tests/estimators").normal(size=90)
    noise[::7] = np.nan
    frame = pl.DataFrame({"level": level, "noise": noise})
    y = (level == "high").astype(int)
    settings = {"recipe": RECIPE.changed(num_steps=200)}
    found = [answers(quick(kind, **settings).fit(some, y), some) for some in (frame, frame.to_pandas())]

    np.testing.assert_array_equal(found[0], found[1])
    estimator = quick(kind, **settings).fit(frame, y)
    assert ((estimator.predict(frame) > 0.5) == y).all()
    assert estimator.predict(pl.DataFrame({"level": ["unheard of"], "noise": [0.0]})).shape == (1,)


@BOTH
def test_an_impossible_setting_is_told_in_fit(kind):
    """Not when it is set, as scikit-learn asks."""
    x, y = rows(20)

    with pytest.raises(ConfigError, match="`metric` must be one of"):
        quick(kind, metric="accuracy").fit(x, y)
    with pytest.raises(ConfigError, match="`budget` must be a time"):
        quick(kind, budget="soon").fit(x, y)
