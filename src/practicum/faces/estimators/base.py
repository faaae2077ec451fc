"""What both estimators share: they learn from a table of observations, predict, and take one more pass.

Parameters are stored as they are given and checked in ``fit``, as scikit-learn asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from practicum.data.observations import observe
from practicum.data.schema import Schema
from practicum.faces.estimators.fitted import Fitted, weighted
from practicum.faces.estimators.inputs import read_inputs
from practicum.faces.estimators.learning import learn, request_of, starting_recipe, trials_frame
from practicum.report.scores import measure

if TYPE_CHECKING:
    from practicum.recipe import Recipe
    from practicum.recipe.space import Space
    from practicum.report.assemble import Learned

Weights = NDArray[np.float64] | None


class Learner(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A learner of either kind; its subclasses know about targets."""

    _fitted: Fitted
    recipe_: Recipe | None

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
        random_state: Any = None,
        n_jobs: int | None = None,
        device: str = "auto",
        verbose: bool = False,
    ) -> None:
        self.budget = budget
        self.trials = trials
        self.space = space
        self.sampler = sampler
        self.metric = metric
        self.seeds = seeds
        self.folds = folds
        self.recipe = recipe
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.device = device
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        """Say what the input may be: with missing values, sparse."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether there is something to predict with."""
        return hasattr(self, "_fitted")

    def _search(self, frame: pl.DataFrame, schema: Schema, weights: Weights, importance: Weights) -> None:
        """Do the whole procedure; what was learned before is forgotten only when that is done."""
        settings = self.get_params(deep=False)
        observed = observe(frame, weights, importance)
        request = request_of(settings, schema, len(observed.frame))
        learned = learn(request, observed, schema, verbose=bool(settings["verbose"]))
        elected, data = learned.elected, learned.data
        chosen = elected.inputs(data, elected.valid_rows)[0]
        self._fitted = Fitted.of(learned, schema)
        self.valid_error_ = measure(data.data, chosen, elected.valid, request.metric).error
        self.recipe_, self.best_params_ = learned.recipe, dict(learned.winner.values)
        self._tell(learned)

    def _know(self, schema: Schema, value: Any) -> None:
        """Keep the one value that the target has; the settings are checked all the same."""
        request = request_of(self.get_params(deep=False), schema, 1)
        self._fitted = Fitted(schema, constant=value)
        self.valid_error_, self.recipe_, self.best_params_ = 0.0, request.recipe, {}
        self._tell()

    def _pass(self, frame: pl.DataFrame, schema: Schema, weights: Weights, importance: Weights) -> None:
        """Give every member one more pass over the rows; begin with one member where there is none."""
        request = request_of(self.get_params(deep=False), schema, len(frame))
        frame = weighted(frame, weights, importance)
        if self.__sklearn_is_fitted__() and self._fitted.predictor is not None:
            self._fitted = self._fitted.passed_on(frame, request.device)
            return
        recipe = starting_recipe(request.recipe, frame, schema.target, request.metric)
        recipe = recipe.changed(seed=request.seed)
        self._fitted = Fitted.begun(frame, schema, recipe, request.device)
        self.valid_error_, self.recipe_, self.best_params_ = float("nan"), recipe, {}
        self._tell()

    def _tell(self, learned: Learned | None = None) -> None:
        """Set what says how it was learned."""
        predictor = self._fitted.predictor
        self.trials_ = trials_frame(learned)
        self.n_members_ = 0 if predictor is None else len(predictor.committee.members)

    def _outputs(self, x: Any) -> tuple[int, NDArray[np.float64] | None]:
        """Return the number of rows, and the committee's output units, (N, O); None where there is but one answer."""
        check_is_fitted(self)
        frame = read_inputs(self, x, schema=self._fitted.schema)
        predictor = self._fitted.predictor
        return len(frame), None if predictor is None else predictor.outputs(frame)
