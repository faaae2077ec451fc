"""``practicum.Regressor``: the whole procedure as a scikit-learn regressor."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin

from practicum.data.schema import Schema
from practicum.faces.estimators.base import Learner
from practicum.faces.estimators.inputs import new_name, read_inputs, schema_of
from practicum.faces.estimators.targets import read_values
from practicum.faces.estimators.weights import checked_weights


class Regressor(RegressorMixin, Learner):  # type: ignore[misc]  # scikit-learn has no types
    """A committee of neural networks that tunes itself: nothing has to be set [3-01].

    The same as :class:`practicum.Classifier` for a number; ``score`` is R².

    Args:
        budget: time for ``fit``: "60s", "10m", or seconds. None: 60 s, or no limit where ``trials`` or a recipe with a
            number of updates says when to end; then nothing depends on the clock.
        trials: settings to try; None: as many as the time allows.
        space: what the search varies: a :class:`practicum.Space`, its mapping, a preset's name or a YAML file; None:
            the preset "default", or for very few trials "small".
        sampler: the strategy: "zoom", "quasi-random", "random", "grid", "coordinate", "tpe", "gp" or "cmaes".
        metric: what is minimised on validation rows: "error" (RMSE as a share of the deviation), "rmse" or "mae".
        seeds: trainings of each of the best few settings [3.2-35].
        folds: parts for cross-validation inside ``fit``, 1 for a hold-out set; None: 5 where rows are few [3-03].
        recipe: train this one and search nothing; a recipe, its fields, or a YAML file.
        random_state: seed, or a ``RandomState``; None is 0.
        n_jobs: packs trained side by side, -1 for all cores; None: one per core, one in somebody else's loop.
        device: where networks are trained: "auto" (a GPU if there is one), "cpu", "cuda", …
        verbose: show progress on stderr.

    Attributes:
        n_features_in_: columns of the input.
        feature_names_in_: their names, where the input had names.
        recipe_: trains the winner again.
        best_params_: the winner's values of what was searched; empty where nothing was.
        trials_: a polars frame with a row for each setting tried.
        valid_error_: error of the committee on rows that its members have not learnt from, in ``metric``; nan after a
            first ``partial_fit``.
        n_members_: networks in the committee; 0 where all targets were equal.

    Source:
        Bengio 2012, 3-01 (a learner that chooses its hyper-parameters has none).

    Example:
        >>> import numpy as np
        >>> x = np.linspace(-1, 1, 60).reshape(-1, 1)
        >>> regressor = Regressor(recipe={"num_steps": 200}, seeds=1).fit(x, 3 * x[:, 0])
        >>> regressor.score(x, 3 * x[:, 0]) > 0.9
        True
    """

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Search, train and choose on these rows; what was learned before is forgotten.

        Ctrl-C ends the search; the best so far is kept.

        Args:
            X: numbers (2-D array, list, sparse matrix) or a data frame (pandas, polars, pyarrow), which may hold text
                and categories too. Missing values are welcome, infinite ones are not.
            y: a number for each row.
            sample_weight: of each row. Whole numbers are counts: 3 is the same as the row three times, 0 as no row.
                Others are importances: only their ratios matter.

        Raises:
            ConfigError, DataError: if the settings or the data cannot be used; both are ValueErrors.
            DivergedError: if no setting could be trained.
        """
        frame = read_inputs(self, X)
        values = read_values(y, len(frame))
        weights = checked_weights(sample_weight, len(frame))
        if weights is not None:
            known = weights > 0
            frame, values, weights = frame.filter(pl.Series(known)), values[known], weights[known]
        schema = _schema(frame)
        if (values == values[0]).all():
            self._know(schema, float(values[0]))
        else:
            self._search(frame.with_columns(pl.Series(schema.target, values)), schema, weights, None)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Give every member of the committee one more pass over these rows, by its own recipe; nothing is searched.

        Without a ``fit`` before, the first call begins with one network by the recipe given, or by the guide's
        defaults; these rows then decide how inputs and target are prepared.

        Args:
            X: as for :meth:`fit`.
            y: a number for each row.
            sample_weight: of each row; only the ratios within the call matter.

        Raises:
            ConfigError, DataError: as for :meth:`fit`.
            DivergedError: if the weights of a network blow up; nothing has changed then.
        """
        first = not self.__sklearn_is_fitted__()
        frame = read_inputs(self, X, schema=None if first else self._fitted.schema)
        values = read_values(y, len(frame))
        weights = checked_weights(sample_weight, len(frame))
        schema = _schema(frame) if first else self._fitted.schema
        self._pass(frame.with_columns(pl.Series(schema.target, values)), schema, weights, None)
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Return the predicted number of each row, in the unit of ``y``, shape (N,).

        Args:
            X: the columns of ``fit``, in their order.
        """
        num_rows, outputs = self._outputs(X)
        predictor = self._fitted.predictor
        if outputs is None or predictor is None:
            return np.full(num_rows, self._fitted.constant)
        return predictor.decode(outputs)


def _schema(frame: pl.DataFrame) -> Schema:
    return schema_of(frame, "regression", new_name(frame.columns), None)
