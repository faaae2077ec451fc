"""Test error on eight real tables: `practicum fit --budget 60s` against scikit-learn's networks and linear models.

All sides learn from the same 10,000 rows (or what there is) and are tested on the same other rows. scikit-learn gets
what its users give it: standardised numbers, one-hot categories, mean for missing numbers; `MLPClassifier` or
`MLPRegressor` with `early_stopping=True, max_iter=300`, and `LogisticRegression` or `Ridge`. Error: misclassified
fraction, or root mean squared error over the test target's deviation. Run:

    python benchmarks/tables.py --budget 60 --repeats 3
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import polars as pl
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from practicum.experiment import Request, fit
from tables_data import SPECS, TableSpec, frames


def scikit_learn(
    model: object, train: pl.DataFrame, test: pl.DataFrame, target: str, regression: bool
) -> float:
    """Return the test error of a scikit-learn model behind the usual preparation."""
    x, x_test = train.drop(target).to_pandas(), test.drop(target).to_pandas()
    y, y_test = train[target].to_numpy(), test[target].to_numpy()
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    words = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"), OneHotEncoder(handle_unknown="ignore")
    )
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (words, make_column_selector(dtype_exclude="number")),
    )
    if regression:  # its users standardise the target too
        mean, deviation = y.mean(), y.std()
        predicted = (
            make_pipeline(columns, model).fit(x, (y - mean) / deviation).predict(x_test) * deviation + mean
        )
        return float(np.sqrt(np.mean((predicted - y_test) ** 2)) / y_test.std())
    return float(np.mean(make_pipeline(columns, model).fit(x, y).predict(x_test) != y_test))


def run(spec: TableSpec, repeat: int, budget: float) -> dict[str, object]:
    """Return the errors of all sides on one draw of one table."""
    train, test = frames(spec, repeat)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        request = Request(
            data=train,
            target=spec.target,
            test=test,
            budget_seconds=budget,
            seed=repeat,
            out=Path(home) / "run",
            started=started,
        )
        summary = fit(request)
    seconds = time.monotonic() - started
    regression = summary.task == "regression"
    linear = Ridge() if regression else LogisticRegression(max_iter=1000)
    network = (MLPRegressor if regression else MLPClassifier)(
        early_stopping=True, max_iter=300, random_state=repeat
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return {
            "table": spec.name,
            "repeat": repeat,
            "practicum": summary.test.error,
            "member_mean": summary.test.member_mean,
            "sklearn_mlp": scikit_learn(network, train, test, spec.target, regression),
            "linear": scikit_learn(linear, train, test, spec.target, regression),
            "own_linear_baseline": summary.baseline("linear").test.error,
            "learning_rate": summary.recipe["learning_rate"],
            "seconds": round(seconds, 1),
            "train_error": summary.train.error,
            "verdict": summary.fitting.verdict,
        }


def main() -> None:
    """Print a line a run, then a line a table with means, then who won."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--first-repeat", type=int, default=10, help="defaults were chosen on draws 0 to 2")
    parser.add_argument("--tables", default=",".join(spec.name for spec in SPECS))
    options = parser.parse_args()
    wanted = options.tables.split(",")
    rows = []
    for spec in SPECS:
        if spec.name not in wanted:
            continue
        for repeat in range(options.first_repeat, options.first_repeat + options.repeats * spec.times):
            row = run(spec, repeat, options.budget)
            rows.append(row)
            print(json.dumps(row), flush=True)
    wins = {"sklearn_mlp": 0, "linear": 0}
    for name in dict.fromkeys(row["table"] for row in rows):
        of_table = [row for row in rows if row["table"] == name]
        means = {
            side: float(np.mean([row[side] for row in of_table]))
            for side in ("practicum", "sklearn_mlp", "linear")
        }
        for side in wins:
            wins[side] += means["practicum"] < means[side]
        print(json.dumps({"table": name, **{side: round(value, 5) for side, value in means.items()}}))
    print(json.dumps({"tables": len(wanted), "lower_error_than": wins}))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
