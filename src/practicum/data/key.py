"""What of a recipe decides its prepared rows: how inputs are prepared, and which fold validates.

What a trial then sees of the rows (a bag of them, a part of the inputs) is left to training.
"""

from __future__ import annotations

from typing import NamedTuple, Self

from practicum.data.encode import Categories
from practicum.data.numeric import Preprocess, Tails
from practicum.recipe import Recipe


class DataKey(NamedTuple):
    """Names one preparation of one fold; the fields are the recipe's."""

    preprocess: Preprocess
    tails: Tails
    pca_variance: float | None
    categories: Categories
    num_folds: int | None
    fold: int

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """Return the key of ``recipe``.

        Example:
            >>> DataKey.of(Recipe(tails="log", num_folds=5, fold=2))[1:]
            ('log', None, 'one_hot', 5, 2)
        """
        return cls(*(getattr(recipe, name) for name in cls._fields))

    def held_out(self) -> Self:
        """Return the key of the same preparation without folds."""
        return self._replace(num_folds=None, fold=0)
