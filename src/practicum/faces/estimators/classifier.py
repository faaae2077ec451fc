"""``practicum.Classifier``: the whole procedure as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin

from practicum.core.errors import ConfigError
from practicum.data.dataset import Task
from practicum.data.schema import Schema
from practicum.faces.estimators.base import Learner
from practicum.faces.estimators.inputs import new_name, read_inputs, schema_of
from practicum.faces.estimators.targets import class_numbers, read_labels
from practicum.faces.estimators.weights import checked_weights, class_importance
from practicum.runs.predictor import probabilities

if TYPE_CHECKING:
    from practicum.recipe import Recipe
    from practicum.recipe.space import Space


class Classifier(ClassifierMixin, Learner):  # type: ignore[misc]  # scikit-learn has no types
    """A committee of neural networks that tunes itself: nothing has to be set [3-01].

    ``fit`` takes all rows it is given to train and to choose (the test rows are yours), searches as ``practicum fit``
    does, and ends with a committee of seeds. Which rows there are decides the result, not their order.

    Args:
        budget: time for ``fit``: "60s", "10m", or seconds. None: 60 s, or no limit where ``trials`` or a recipe with a
            number of updates says when to end; then nothing depends on the clock.
        trials: settings to try; None: as many as the time allows.
        space: what the search varies: a :class:`practicum.Space`, its mapping, a preset's name or a YAML file; None:
            the preset "default", or for very few trials "small".
        sampler: the strategy: "zoom", "quasi-random", "random", "grid", "coordinate", "tpe", "gp" or "cmaes".
        metric: what is minimised on validation rows: "error", "balanced_error", "log_loss", "auc" or "f1".
        seeds: trainings of each of the best few settings [3.2-35].
        folds: parts for cross-validation inside ``fit``, 1 for a hold-out set; None: 5 where rows are few [3-03].
        recipe: train this one and search nothing; a recipe, its fields, or a YAML file.
        class_weight: importance of each class by label, or "balanced" for classes that count alike in all.
        random_state: seed, or a ``RandomState``; None is 0.
        n_jobs: packs trained side by side, -1 for all cores; None: one per core, one in somebody else's loop.
        device: where networks are trained: "auto" (a GPU if there is one), "cpu", "cuda", …
        verbose: show progress on stderr.

    Attributes:
        classes_: labels, sorted, shape (C,).
        n_features_in_: columns of the input.
        feature_names_in_: their names, where the input had names.
        recipe_: trains the winner again.
        best_params_: the winner's values of what was searched; empty where nothing was.
        trials_: a polars frame with a row for each setting tried.
        valid_error_: error of the committee on rows that its members have not learnt from, in ``metric``; nan after a
            first ``partial_fit``.
        n_members_: networks in the committee; 0 where all rows were of one class.

    Source:
        Bengio 2012, 3-01 (a learner that chooses its hyper-parameters has none).

    Example:
        >>> import numpy as np
        >>> x = np.linspace(-1, 1, 60).reshape(-1, 1)
        >>> labels = np.where(x[:, 0] > 0, "up", "down")
        >>> classifier = Classifier(recipe={"num_steps": 100}, seeds=1).fit(x, labels)
        >>> classifier.predict([[-0.7], [0.8]]).tolist()
        ['down', 'up']
    """

    classes_: NDArray[Any]

    def __init__(
        self,
        *,
        budget: str | float | None = None,
        trials: int | None = None,
        space: Space | Mapping[str, Any] | str | None = None,
        sampler: str = "zoom",
        metric: str = "error",
        seeds: int = 5,
        folds: int | None = None,
        recipe: Recipe | Mapping[str, Any] | str | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        random_state: Any = None,
        n_jobs: int | None = None,
        device: str = "auto",
        verbose: bool = False,
    ) -> None:
        super().__init__(
            budget=budget,
            trials=trials,
            space=space,
            sampler=sampler,
            metric=metric,
            seeds=seeds,
            folds=folds,
            recipe=recipe,
            random_state=random_state,
            n_jobs=n_jobs,
            device=device,
            verbose=verbose,
        )
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Search, train and choose on these rows; what was learned before is forgotten.

        Ctrl-C ends the search; the best so far is kept.

        Args:
            X: numbers (2-D array, list, sparse matrix) or a data frame (pandas, polars, pyarrow), which may hold text
                and categories too. Missing values are welcome, infinite ones are not.
            y: a label for each row.
            sample_weight: of each row. Whole numbers are counts: 3 is the same as the row three times, 0 as no row.
                Others are importances: only their ratios matter.

        Raises:
            ConfigError, DataError: if the settings or the data cannot be used; both are ValueErrors.
            DivergedError: if no setting could be trained.
        """
        frame = read_inputs(self, X)
        labels = read_labels(y, len(frame))
        weights = checked_weights(sample_weight, len(frame))
        if weights is not None:
            known = weights > 0
            frame, labels, weights = frame.filter(pl.Series(known)), labels[known], weights[known]
        classes, numbers = np.unique(labels, return_inverse=True)
        importance = class_importance(self.class_weight, classes, numbers, weights)
        schema = _schema(frame, classes)
        if len(classes) == 1:
            self._know(schema, 0)
        else:
            self._search(_with_classes(frame, schema, numbers), schema, weights, importance)
        self.classes_ = classes
        return self

    def partial_fit(
        self, X: Any, y: Any, classes: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Give every member of the committee one more pass over these rows, by its own recipe; nothing is searched.

        Without a ``fit`` before, the first call begins with one network by the recipe given, or by the guide's
        defaults; these rows then decide how inputs are prepared.

        Args:
            X: as for :meth:`fit`.
            y: a label for each row.
            classes: all labels that will ever come; needed at the first call.
            sample_weight: of each row; only the ratios within the call matter.

        Raises:
            ConfigError, DataError: as for :meth:`fit`, or if ``classes`` are missing at first or others later.
            DivergedError: if the weights of a network blow up; nothing has changed then.
        """
        first = not self.__sklearn_is_fitted__()
        frame = read_inputs(self, X, schema=None if first else self._fitted.schema)
        labels = read_labels(y, len(frame))
        known = self._all_classes(classes, first=first)
        numbers = class_numbers(labels, known)
        weights = checked_weights(sample_weight, len(frame))
        importance = class_importance(self.class_weight, known, numbers, weights)
        schema = _schema(frame, known) if first else self._fitted.schema
        if len(known) > 1:
            self._pass(_with_classes(frame, schema, numbers), schema, weights, importance)
        elif first:
            self._know(schema, 0)
        self.classes_ = known
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable label of each row, shape (N,).

        Args:
            X: the columns of ``fit``, in their order.
        """
        likely = self.predict_proba(X).argmax(axis=1)
        found: NDArray[Any] = self.classes_[likely]
        return found

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability of each class, shape (N, C), in the order of ``classes_``.

        Args:
            X: the columns of ``fit``, in their order.
        """
        num_rows, outputs = self._outputs(X)
        if outputs is None:
            return np.ones((num_rows, 1))
        found = probabilities(outputs)
        found /= found.sum(axis=1, keepdims=True)  # float32 rounds
        return found

    def _all_classes(self, classes: ArrayLike | None, *, first: bool) -> NDArray[Any]:
        """Return the labels that may come."""
        if classes is None and first:
            raise ConfigError(
                "`classes` must be given at the first call of partial_fit, but got classes=None. "
                "Give all labels that will ever come, e.g. classes=np.unique(y)."
            )
        given = None if classes is None else np.unique(np.asarray(classes))
        if first:
            assert given is not None
            return given
        if given is not None and not np.array_equal(given, self.classes_):
            raise ConfigError(
                f"`classes` must be those of the first call, but got {given.tolist()} after {self.classes_.tolist()}. "
                "Leave them out, or fit anew."
            )
        return self.classes_


def _schema(frame: pl.DataFrame, classes: NDArray[Any]) -> Schema:
    """Return the schema; in it, classes are their numbers."""
    task: Task = "multiclass" if len(classes) > 2 else "binary"
    return schema_of(frame, task, new_name(frame.columns), [str(k) for k in range(len(classes))])


def _with_classes(frame: pl.DataFrame, schema: Schema, numbers: NDArray[np.int64]) -> pl.DataFrame:
    return frame.with_columns(pl.Series(schema.target, numbers).cast(pl.String))
