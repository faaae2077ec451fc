"""How well simple models do on the kept rows: what a network must beat, and what its data allow."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.facts import Facts

MOST_COLUMNS, MOST_ROWS = 4000, 1500
"""Beyond so many columns no baseline is made; of so many rows at most."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Baselines:
    """Errors of simple models on rows that they were not fitted on: share misjudged, or mean square.

    Attributes:
        constant: the most frequent class, or the mean.
        linear: logistic or ridge regression of standardised inputs.
        neighbours: the five nearest rows.
        trees: a small forest.
        num_rows: that they were judged on.
        measure: "error" or "squared".
        apart: whether they were judged on the loop's validation rows (otherwise on training rows put aside).
    """

    constant: float
    linear: float
    neighbours: float
    trees: float
    num_rows: int
    measure: str
    apart: bool

    @property
    def best(self) -> float:
        """The lowest error of all."""
        return min(self.constant, self.linear, self.neighbours, self.trees)


@kept
def baselines_of(facts: Facts) -> Baselines | None:
    """Return the baselines of the kept rows; None where inputs or targets are of no usual kind."""
    rows = rows_of(facts)
    if rows is None or not np.isfinite(rows.x.double().numpy()).all():
        return None
    x = rows.x.double().reshape(len(rows.x), -1).numpy()
    classes = rows.num_classes > 0
    y = rows.y.reshape(len(rows.y), -1).double().numpy()
    if (
        y.shape[1] != 1
        or x.shape[1] > MOST_COLUMNS
        or len(x) < 40
        or (not classes and not rows.y.is_floating_point())
    ):
        return None
    apart = rows.valid_x is not None and rows.valid_y is not None and len(rows.valid_x) >= 20
    if apart:
        assert rows.valid_x is not None
        assert rows.valid_y is not None
        held_x = rows.valid_x.double().reshape(len(rows.valid_x), -1).numpy()[:MOST_ROWS]
        held_y = rows.valid_y.reshape(-1).double().numpy()[:MOST_ROWS]
        fit_x, fit_y = x[:MOST_ROWS], y[:MOST_ROWS, 0]
    else:
        order = np.random.Generator(np.random.PCG64(0)).permutation(len(x))[:MOST_ROWS]
        cut = len(order) * 3 // 4
        fit_x, fit_y, held_x, held_y = x[order[:cut]], y[order[:cut], 0], x[order[cut:]], y[order[cut:], 0]
    if not np.isfinite(held_x).all() or not np.isfinite(fit_y).all() or len(np.unique(fit_y)) < 2:
        return None
    errors = _errors(fit_x, fit_y, held_x, held_y, classes=classes)
    return Baselines(*errors, len(held_y), "error" if classes else "squared", apart)


def _errors(
    fit_x: Array, fit_y: Array, held_x: Array, held_y: Array, *, classes: bool
) -> tuple[float, float, float, float]:
    """Return the errors of constant, linear model, neighbours and trees."""
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    centre, spread = fit_x.mean(0), fit_x.std(0)
    spread[spread < 1e-12] = 1.0
    fit_x, held_x = (np.clip((one - centre) / spread, -10, 10) for one in (fit_x, held_x))
    neighbours = min(5, len(fit_y))
    models = (
        (
            LogisticRegression(C=0.1, max_iter=200),
            KNeighborsClassifier(neighbours),
            ExtraTreesClassifier(50, random_state=0),
        )
        if classes
        else (Ridge(1.0), KNeighborsRegressor(neighbours), ExtraTreesRegressor(50, random_state=0))
    )
    if classes:
        values, counts = np.unique(fit_y, return_counts=True)
        told = [float((held_y != values[counts.argmax()]).mean())]
    else:
        told = [float(((held_y - fit_y.mean()) ** 2).mean())]
    for model in models:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            guess = model.fit(fit_x, fit_y).predict(held_x)
        told.append(float((guess != held_y).mean() if classes else ((guess - held_y) ** 2).mean()))
    return told[0], told[1], told[2], told[3]
