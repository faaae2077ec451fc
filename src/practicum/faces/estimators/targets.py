"""The y that scikit-learn's users write, checked with scikit-learn's own means and words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import assert_all_finite, check_consistent_length, column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from practicum.core.errors import DataError


def read_labels(y: Any, num_rows: int) -> NDArray[Any]:
    """Return labels, shape (N,).

    Raises:
        ValueError: if they are no labels, one is missing, or they are not as many as the rows.
    """
    labels: NDArray[Any] = column_or_1d(_given(y), warn=True)
    if labels.dtype.kind == "f":
        assert_all_finite(labels, input_name="y")
    check_classification_targets(labels)
    check_consistent_length(np.empty(num_rows), labels)
    return labels


def read_values(y: Any, num_rows: int) -> NDArray[np.float64]:
    """Return the values of a regression, shape (N,).

    Raises:
        ValueError: if one is no finite number, or they are not as many as the rows.
    """
    values: NDArray[np.float64] = column_or_1d(_given(y), dtype=np.float64, warn=True)
    assert_all_finite(values, input_name="y")
    check_consistent_length(np.empty(num_rows), values)
    return values


def class_numbers(labels: NDArray[Any], classes: NDArray[Any]) -> NDArray[np.int64]:
    """Return the number of each label in ``classes``, which are sorted, shape (N,).

    Raises:
        DataError: if a label is no class.

    Example:
        >>> class_numbers(np.array(["b", "a"]), np.array(["a", "b"])).tolist()
        [1, 0]
    """
    found = np.searchsorted(classes, labels)
    found = np.minimum(found, len(classes) - 1)
    strange = classes[found] != labels
    if strange.any():
        label = labels[strange][0]
        known = ", ".join(str(one) for one in classes[:6].tolist())
        raise DataError(
            f"`y` must hold classes seen before, {known}, but got {label!s}. Name all of them in `classes` at the "
            "first call, or fit anew.",
            label=label,
        )
    return found.astype(np.int64)


def _given(y: Any) -> Any:
    if y is None:
        raise DataError("This estimator requires y to be passed, but the target y is None.")
    return y
