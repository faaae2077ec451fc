"""Facts about the classifier alone."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss

from practicum import Classifier, ConfigError, DataError, Recipe
from practicum.core.seeds import stream

RECIPE = Recipe(num_steps=150, hidden_sizes=(8,), learning_rate=0.1, validate_every_steps=50)


def blobs(num_rows: int = 150, num_classes: int = 3):
    """Return clouds around the corners of a triangle."""
    number = np.arange(num_rows) % num_classes
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    return corners[number] + stream(0, "tests/classifier").normal(size=(num_rows, 2)), number


def quick(**settings):
    """Return a classifier that fits at once."""
    return Classifier(**{"recipe": RECIPE, "seeds": 1, **settings})


@pytest.mark.parametrize(
    "labels",
    [["a", "b", "c"], [10, 20, 30], [-1.0, 0.0, 2.0], np.array(["x", "y", "z"], dtype=object)],
    ids=["text", "whole", "float", "object"],
)
def test_labels_come_back_as_they_were(labels):
    """Type and value of each label are kept, in sorted order."""
    x, number = blobs()
    y = np.asarray(labels)[number]
    classifier = quick().fit(x, y)

    assert classifier.classes_.tolist() == list(labels)
    assert classifier.predict(x).dtype == y.dtype
    assert classifier.score(x, y) > 0.9


def test_truth_values_are_labels():
    """Two classes, one sigmoid."""
    x, number = blobs(num_classes=2)
    classifier = quick().fit(x, number == 1)

    assert classifier.predict(x).dtype == np.bool_
    assert classifier.predict_proba(x).shape == (150, 2)


def test_probabilities_sum_to_one_to_the_last_digit():
    """scikit-learn's losses warn where they do not."""
    x, number = blobs()
    found = quick().fit(x, number).predict_proba(x)

    np.testing.assert_allclose(found.sum(1), 1, atol=1e-15)
    assert log_loss(number, found) < 0.4


def test_weights_move_the_border():
    """The more a class counts, the more rows get it; "balanced" is between."""
    x = stream(1, "tests/classifier").normal(size=(300, 2))
    number = (x[:, 0] + stream(2, "tests/classifier").normal(size=300) > 1.2).astype(int)
    shares = [
        (quick(class_weight=weight).fit(x, number).predict(x) == 1).mean()
        for weight in ({1: 0.2}, None, "balanced", {1: 20})
    ]

    assert shares == sorted(shares)
    assert shares[-1] - shares[0] > 0.3
    assert shares[2] == pytest.approx(0.5, abs=0.2)


def test_weights_of_rows_do_what_weights_of_classes_do():
    """The same importances give the same bits, by either name."""
    x, number = blobs(90)
    importance = np.array([0.5, 1.25, 2.0])
    by_class = quick(class_weight=dict(enumerate(importance))).fit(x, number)
    by_row = quick().fit(x, number, sample_weight=importance[number])

    np.testing.assert_array_equal(by_class.predict_proba(x), by_row.predict_proba(x))


def test_a_class_without_weight_is_unknown():
    """Rows of weight 0 are as if they were not there, and so is a class that has no others."""
    x, number = blobs()
    classifier = quick().fit(x, number, sample_weight=(number != 2).astype(float))

    assert classifier.classes_.tolist() == [0, 1]


def test_passes_learn_without_a_search():
    """The first call begins, later ones go on; labels may come in any batch."""
    x, number = blobs()
    classifier = quick().partial_fit(x[:60], number[:60], classes=[0, 1, 2])
    first = classifier.score(x, number)
    for _ in range(10):
        classifier.partial_fit(x, number)

    assert classifier.score(x, number) > max(0.9, first)
    assert (classifier.n_members_, len(classifier.trials_)) == (1, 0)


def test_passes_go_on_after_a_search():
    """Every member of the committee learns on; what the search told stays."""
    x, number = blobs()
    classifier = quick(seeds=3).fit(x, number)
    told = (classifier.valid_error_, classifier.recipe_, classifier.n_members_)
    before = classifier.predict_proba(x)
    classifier.partial_fit(x[:30] + 1.0, number[:30], sample_weight=np.arange(30))

    assert (classifier.valid_error_, classifier.recipe_, classifier.n_members_) == told
    assert (classifier.predict_proba(x) != before).any()


def test_passes_need_to_know_the_classes():
    """All at the first call, no others later."""
    x, number = blobs(30)

    with pytest.raises(ConfigError, match="`classes` must be given at the first call"):
        quick().partial_fit(x, number)
    classifier = quick().partial_fit(x, number, classes=[0, 1, 2])
    with pytest.raises(ConfigError, match="`classes` must be those of the first call"):
        classifier.partial_fit(x, number, classes=[0, 1])
    with pytest.raises(DataError, match="seen before, 0, 1, 2, but got 7"):
        classifier.partial_fit(x, np.full(30, 7))


def test_one_class_is_known_in_passes_too():
    """There is nothing to learn, and nothing breaks."""
    x, _ = blobs(12)
    classifier = quick().partial_fit(x, ["a"] * 12, classes=["a"]).partial_fit(x, ["a"] * 12)

    assert classifier.predict_proba(x).tolist() == [[1.0]] * 12
