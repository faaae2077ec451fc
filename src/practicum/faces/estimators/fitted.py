"""What an estimator knows after it was fitted, and how one more pass over some rows changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from practicum.core.errors import DataError
from practicum.data.copies import copies_of
from practicum.data.given import not_held_out
from practicum.data.key import DataKey
from practicum.data.pipeline import fitted
from practicum.data.preparations import PreparedFold
from practicum.data.schema import Schema
from practicum.engine.device import device_called
from practicum.engine.tasks import network_of
from practicum.recipe import Recipe
from practicum.runs.committee import Committee
from practicum.runs.passes import Course, one_more_pass
from practicum.runs.predictor import Predictor

if TYPE_CHECKING:
    from practicum.report.assemble import Learned


@dataclass(frozen=True)
class Fitted:
    """What was learned.

    Attributes:
        schema: of the rows learnt from.
        predictor: a committee and its preparations; None where the target had one value only.
        courses: how far each member has come.
        constant: that value.
    """

    schema: Schema
    predictor: Predictor | None = None
    courses: tuple[Course, ...] = ()
    constant: Any = None

    @classmethod
    def of(cls, learned: Learned, schema: Schema) -> Fitted:
        """Return what a whole procedure gave."""
        elected = learned.elected
        courses = tuple(Course(result.recipe, result.best_step) for result in elected.results)
        return cls(schema, Predictor(elected.committee, elected.preparations), courses)

    @classmethod
    def begun(cls, frame: pl.DataFrame, schema: Schema, recipe: Recipe, device: str) -> Fitted:
        """Return one member after its first pass over the rows of ``frame``, which decide the preparation too.

        Raises:
            DataError: if the rows cannot be prepared.
            DivergedError: if the weights blow up.
        """
        split = not_held_out(len(frame))
        preparation = fitted(frame, schema, split, DataKey.of(recipe))
        rows = preparation.transform(frame)
        network = network_of(PreparedFold(split, preparation, rows, rows), recipe)
        member, course = one_more_pass(None, Course(recipe, 0), network, rows, device_called(device))
        committee = Committee([member], scalings=[(preparation.target_mean, preparation.target_scale)])
        return cls(schema, Predictor(committee, [preparation]), (course,))

    def passed_on(self, frame: pl.DataFrame, device: str) -> Fitted:
        """Return the same after every member has seen the rows of ``frame`` once more.

        Raises:
            DataError: if the rows cannot be prepared.
            DivergedError: if the weights blow up.
        """
        assert self.predictor is not None, "there is something to learn"
        before, preparations = self.predictor.committee, self.predictor.preparations
        rows = [preparation.transform(frame) for preparation in preparations]
        done = [
            one_more_pass(member, course, member.network, rows[number], device_called(device))
            for member, course, number in zip(before.members, self.courses, before.preparations, strict=True)
        ]
        committee = Committee(
            [member for member, _ in done],
            votes=before.votes,
            preparations=before.preparations,
            scalings=before.scalings,
        )
        return Fitted(self.schema, Predictor(committee, preparations), tuple(course for _, course in done))


def weighted(frame: pl.DataFrame, *factors: NDArray[np.float64] | None) -> pl.DataFrame:
    """Return the rows of ``frame``, each as often as the product of its ``factors`` asks for.

    Raises:
        DataError: if none is left.
    """
    given = [factor for factor in factors if factor is not None]
    if not given:
        return frame
    matters = np.prod(given, axis=0)
    if not matters.any():
        raise DataError(
            "At least one row must count, but each has weight 0 or a class of weight 0. Raise one."
        )
    return frame[np.repeat(np.arange(len(frame)), copies_of(matters))]
