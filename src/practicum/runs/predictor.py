"""What predicts: a committee, and how rows are prepared for it. A saved run has one, and so has a fitted estimator."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from practicum.data.prepare import Preparation
from practicum.data.schema import Schema
from practicum.runs.committee import Committee, Outputs


class Predictor:
    """A committee and the preparations that its members' inputs come from.

    Args:
        committee: its members.
        preparations: all that it needs, in its order.

    Attributes:
        committee: the same.
        preparations: the same.
    """

    def __init__(self, committee: Committee, preparations: Sequence[Preparation]) -> None:
        assert len(preparations) == committee.num_preparations
        self.committee, self.preparations = committee, tuple(preparations)

    @property
    def schema(self) -> Schema:
        """What the columns are."""
        return self.preparations[0].schema

    @cached_property
    def classes(self) -> npt.NDArray[Any] | None:
        """Labels in the order of the outputs, shape (C,): integers if all are whole numbers, else text."""
        return labels_of(self.schema.classes)

    def outputs(self, frame: pl.DataFrame, notes: list[str] | None = None) -> Outputs:
        """Return the committee's output units, shape (N, O).

        Args:
            frame: rows with the input columns, in normal form.
            notes: what should be said is appended here.

        Raises:
            DataError: if a column is absent or cannot be read.
        """
        said = [notes, *(None for _ in self.preparations[1:])]  # each way would say the same
        return self.committee.predict(
            [
                preparation.transform(frame, with_target=False, notes=told)
                for preparation, told in zip(self.preparations, said, strict=True)
            ]
        )

    def decode(self, outputs: Outputs) -> npt.NDArray[Any]:
        """Return outputs in the user's terms, shape (N,): labels in the type of :attr:`classes`, or values."""
        decoded = self.preparations[0].decode(outputs)
        return decoded if self.classes is None else decoded.astype(self.classes.dtype)


def probabilities(outputs: Outputs) -> Outputs:
    """Return a column for each class, shape (N, C); a single sigmoid says the second one's.

    Example:
        >>> probabilities(np.array([[0.25]]))
        array([[0.75, 0.25]])
    """
    return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs


def labels_of(classes: list[str] | None) -> npt.NDArray[Any] | None:
    """Return labels as integers if all are whole numbers, else as text.

    Example:
        >>> labels_of(["0", "1"])
        array([0, 1])
    """
    if classes is None:
        return None
    try:
        numbers = [int(label) for label in classes]
    except ValueError:
        return np.array(classes)
    return np.array(numbers) if [str(number) for number in numbers] == classes else np.array(classes)
