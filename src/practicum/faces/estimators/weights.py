"""Weights of rows and of classes, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from practicum.core.errors import ConfigError, DataError, nearest

Floats = NDArray[np.float64]


def checked_weights(sample_weight: ArrayLike | None, num_rows: int) -> Floats | None:
    """Return the weight of each row as a number, shape (N,); None if there are none.

    Raises:
        DataError: if there is not one finite weight ≥ 0 for each row, or all are zero.

    Example:
        >>> checked_weights([1, 0], 2)
        array([1., 0.])
    """
    if sample_weight is None:
        return None
    try:
        weights = np.asarray(sample_weight, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"`sample_weight` must hold numbers, but {error}. Give one number a row.") from None
    if weights.ndim == 0:
        weights = np.full(num_rows, float(weights))
    if weights.shape != (num_rows,):
        raise DataError(
            f"`sample_weight` must have shape ({num_rows},), one weight a row, but got shape {weights.shape}. "
            "Give as many as there are rows.",
            shape=weights.shape,
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        row = int(np.flatnonzero(~np.isfinite(weights) | (weights < 0))[0])
        raise DataError(
            f"`sample_weight` must be finite and >= 0, but got {weights[row]:g} (row {row}). "
            "Use 0 for a row that does not count.",
            row=row,
        )
    if not weights.any():
        raise DataError(
            "`sample_weight` must have at least one weight that is not zero, but got only zeros. "
            "Leave it out if all rows count alike."
        )
    return weights


def class_importance(
    class_weight: Mapping[Any, float] | str | None,
    classes: NDArray[Any],
    codes: NDArray[np.int64],
    weights: Floats | None,
) -> Floats | None:
    """Return the importance that each row has by its class, shape (N,); None if there are none.

    Args:
        class_weight: by label, absent ones 1; or "balanced", for classes that count alike in all.
        classes: labels, sorted.
        codes: class of each row.
        weights: of each row.

    Raises:
        ConfigError: if it is neither, names labels that are no classes, or holds no number ≥ 0.

    Example:
        >>> class_importance("balanced", np.array(["a", "b"]), np.array([0, 0, 0, 1]), None).round(2).tolist()
        [0.67, 0.67, 0.67, 2.0]
    """
    if class_weight is None:
        return None
    if isinstance(class_weight, str) and class_weight == "balanced":
        counted = np.bincount(codes, weights, minlength=len(classes))
        balanced: Floats = counted.sum() / (len(classes) * counted)
        return balanced[codes]
    if not isinstance(class_weight, Mapping):
        raise ConfigError(
            '`class_weight` must be "balanced", a dict of weights by label, or None, but got '
            f"class_weight={class_weight!r}. Use one of these.",
            class_weight=class_weight,
        )
    found = np.array([_number(class_weight.get(label, 1.0), label) for label in classes.tolist()])
    unknown = [label for label in class_weight if label not in classes.tolist()]
    # A label that these rows happen to lack is no mistake, one in place of another is.
    if unknown and any(label not in class_weight for label in classes.tolist()):
        known = [str(label) for label in classes.tolist()]
        raise ConfigError(
            f"`class_weight` must name classes, {', '.join(known[:6])}, but got {unknown[0]!r}."
            f"{nearest(str(unknown[0]), known)}",
            label=unknown[0],
        )
    if not found.any():
        raise ConfigError("`class_weight` must leave a class that counts, but all weights are 0. Raise one.")
    return found[codes]


def _number(value: Any, label: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number < np.inf:
        raise ConfigError(
            f"`class_weight` must hold numbers >= 0, but got {value!r} (label {label!r}). Use 1 for a usual class.",
            label=label,
        )
    return number
