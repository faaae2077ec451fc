"""Facts about weights of rows and of classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from practicum.core.errors import ConfigError, DataError
from practicum.faces.estimators.weights import checked_weights, class_importance

CLASSES = np.array(["no", "yes"])
NUMBERS = np.array([0, 0, 0, 1])


def test_weights_come_in_many_forms():
    """Lists and series become floats; one number stands for all rows; none stays none."""
    assert checked_weights(pd.Series([1, 2]), 2).tolist() == [1.0, 2.0]
    assert checked_weights(0.5, 3).tolist() == [0.5] * 3
    assert checked_weights(None, 3) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1.0], r"shape \(2,\), one weight a row, but got shape \(1,\)"),
        ([[1.0], [2.0]], r"got shape \(2, 1\)"),
        ([1.0, -2.0], r"finite and >= 0, but got -2 \(row 1\)"),
        ([np.nan, 1.0], r"got nan \(row 0\)"),
        ([0, 0], "at least one weight that is not zero, but got only zeros"),
        (["a", "b"], "`sample_weight` must hold numbers"),
    ],
)
def test_impossible_weights_are_refused(given, said):
    """Each says what is wrong and where."""
    with pytest.raises(DataError, match=said):
        checked_weights(given, 2)


def test_balanced_classes_count_alike():
    """The importances of each class sum to the same, weights of rows included."""
    for weights in (None, np.array([1.0, 2.0, 3.0, 0.5])):
        importance = class_importance("balanced", CLASSES, NUMBERS, weights)
        sums = np.bincount(NUMBERS, importance * (1 if weights is None else weights))

        assert sums[0] == pytest.approx(sums[1])


def test_a_dict_says_the_importance_of_labels():
    """An absent label counts 1; one that these rows lack is let pass where all others are named."""
    assert class_importance({"yes": 3}, CLASSES, NUMBERS, None).tolist() == [1, 1, 1, 3]
    assert class_importance({"yes": 3, "no": 2, "perhaps": 1}, CLASSES, NUMBERS, None).tolist() == [
        2,
        2,
        2,
        3,
    ]
    assert class_importance({0: 5.0, 1: 1.0}, np.array([0, 1]), NUMBERS, None).tolist() == [5, 5, 5, 1]
    assert class_importance(None, CLASSES, NUMBERS, None) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("even", 'must be "balanced", a dict'),
        ({"yse": 2}, "must name classes, no, yes, but got 'yse'. Did you mean \"yes\"?"),
        ({"yes": -1}, "numbers >= 0, but got -1"),
        ({"yes": "much"}, "numbers >= 0, but got 'much'"),
        ({"yes": 0, "no": 0}, "a class that counts"),
    ],
)
def test_impossible_class_weights_are_refused(given, said):
    """Unknown words, typos, negative numbers, nothing left."""
    with pytest.raises(ConfigError, match=said.replace("?", r"\?")):
        class_importance(given, CLASSES, NUMBERS, None)
