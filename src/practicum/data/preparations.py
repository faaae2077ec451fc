"""The same rows prepared in several ways and cut into several folds, each made when it is first asked for.

How inputs are prepared is a choice like any other [3.2-42], and so is which fold validates [3-03]: both stand in a
trial's recipe. Whatever is fitted is fitted on the training rows of that fold alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from practicum.data.dataset import Dataset
from practicum.data.folds import fold_splits
from practicum.data.key import DataKey
from practicum.data.pipeline import Prepared, fitted
from practicum.data.prepare import Preparation
from practicum.data.split import Split, rows_with_target
from practicum.recipe import Recipe


@dataclass(frozen=True, slots=True)
class PreparedFold:
    """The rows of one fold (or of the split held out), prepared in one way.

    Attributes:
        split: which rows train and validate.
        preparation: how rows become inputs; fitted on train.
        train: to learn from.
        valid: to choose by.
    """

    split: Split
    preparation: Preparation
    train: Dataset
    valid: Dataset


class Preparations:
    """All preparations and folds of one table.

    Args:
        data: prepared in one way, which is not done again.

    Source:
        Bengio 2012, 3-03, 3.2-38..42.
    """

    def __init__(self, data: Prepared) -> None:
        self.data = data
        self._made = {data.key: PreparedFold(data.split, data.preparation, data.train, data.valid)}
        self._folds: dict[int, tuple[Split, ...]] = {}

    def of(self, recipe: Recipe | DataKey) -> PreparedFold:
        """Return the rows that ``recipe``, or all recipes of that key, are trained and validated on.

        Raises:
            ConfigError: if the rows cannot be cut into so many folds.
            DataError: if the training rows of the fold cannot be prepared.
        """
        key = recipe if isinstance(recipe, DataKey) else DataKey.of(recipe)
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def preparation(self, recipe: Recipe | DataKey) -> Preparation:
        """Return how rows become inputs of ``recipe``'s network, e.g. to be saved with it."""
        return self.of(recipe).preparation

    def test(self, recipe: Recipe | DataKey) -> Dataset:
        """Return the test rows as inputs of ``recipe``'s network; made anew, since they are looked at once."""
        data, preparation = self.data, self.preparation(recipe)
        if preparation is data.preparation:
            return data.test
        if data.loaded.test is None:
            return preparation.transform(data.loaded.table.frame, rows=data.split.test)
        frame = data.loaded.test.frame
        return preparation.transform(frame, rows=rows_with_target(frame, data.schema))

    def _make(self, key: DataKey) -> PreparedFold:
        frame, schema, split = self.data.loaded.table.frame, self.data.schema, self.data.split
        if key.num_folds is not None:
            if key.num_folds not in self._folds:
                self._folds[key.num_folds] = fold_splits(frame, schema, split, key.num_folds)
            split = self._folds[key.num_folds][key.fold]
        preparation = fitted(frame, schema, split, key)
        train, valid = (preparation.transform(frame, rows=rows) for rows in (split.train, split.valid))
        return PreparedFold(split, preparation, train, valid)
