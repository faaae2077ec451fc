"""Facts about y, told in scikit-learn's words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.exceptions import DataConversionWarning

from practicum.core.errors import DataError
from practicum.faces.estimators.targets import class_numbers, read_labels, read_values


@pytest.mark.parametrize(
    "given",
    [["b", "a"], np.array(["b", "a"], dtype=object), pd.Series(["b", "a"]), pl.Series(["b", "a"])],
    ids=lambda given: type(given).__name__,
)
def test_labels_come_in_many_forms(given):
    """Lists, arrays and series of text are labels."""
    assert read_labels(given, 2).tolist() == ["b", "a"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([0.5, 1.5], "continuous"),
        ([1.0, np.nan], "NaN"),
        ([1.0, np.inf], "infinity"),
        ([1, 2, 3], "inconsistent numbers of samples"),
        ([[1, 2], [3, 4]], "1d array"),
        (None, "requires y to be passed, but the target y is None"),
    ],
)
def test_what_are_no_labels_is_refused(given, said):
    """Numbers that go on, missing ones, too many, two columns, none at all."""
    with pytest.raises(ValueError, match=said):
        read_labels(given, 2)


def test_a_column_of_labels_is_flattened_with_a_word():
    """scikit-learn's warning about a column vector is passed on."""
    with pytest.warns(DataConversionWarning, match="column-vector y was passed"):
        assert read_labels([["a"], ["b"]], 2).tolist() == ["a", "b"]


def test_values_are_numbers():
    """Whole numbers and truth values become floats."""
    assert read_values(pd.Series([1, 2]), 2).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="NaN"):
        read_values([1.0, np.nan], 2)
    with pytest.raises(ValueError, match="could not convert string to float"):
        read_values(["a", "b"], 2)


def test_a_label_that_is_no_class_is_named():
    """The error says which one, and which classes there are."""
    with pytest.raises(DataError, match="seen before, a, c, but got b"):
        class_numbers(np.array(["a", "b"]), np.array(["a", "c"]))
    with pytest.raises(DataError, match="but got z"):
        class_numbers(np.array(["z"]), np.array(["a", "c"]))
