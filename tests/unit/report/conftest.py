"""A made-up but lifelike run: its summary and its record."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl
import pytest

from practicum.core import summary as parts
from practicum.core.record import SCHEMA
from practicum.core.seeds import stream
from practicum.report.charts import Figure

RATES = tuple(float(f"{rate:.3g}") for rate in np.logspace(-6, 0, 13))
ZOOMED = (0.0464, 0.0681, 0.1, 0.147, 0.215)
BEST = 0.1
FINALISTS = (BEST, 0.0681, 0.147)
NUM_SEEDS = 5
VALIDATIONS = 120


def _score(error: float, half: float, num_rows: int) -> parts.Score:
    return parts.Score(error=error, interval=(error - half, error + half), num_rows=num_rows)


def _values(rate: float) -> dict[str, Any]:
    return {"learning_rate": rate, "l2_penalty": 0.0, "activation": "relu"}


def _trial(number: int, phase: str, rate: float, seed: int = 0) -> parts.Trial:
    given = {"number": number, "phase": phase, "learning_rate": rate, "seed": seed, "values": _values(rate)}
    if rate >= 0.9:
        return parts.Trial(**given, num_steps=512, status="diverged")
    error = 0.143 + 0.0073 * abs(np.log10(rate / BEST)) ** 1.8 + 0.001 * stream(0, f"trial {number}").normal()
    return parts.Trial(
        **given,
        num_steps=30_000,
        seconds=1.25,
        status="patience" if rate > 0.02 else "halted",
        best_step=12_000,
        train_loss=2.1 * error,
        valid_loss=2.2 * error,
        valid_error=min(error, 0.241),
    )


def _trials() -> list[parts.Trial]:
    settings = [("wide", rate, 0) for rate in RATES] + [("zoom", rate, 0) for rate in ZOOMED]
    settings += [("seeds", rate, seed) for rate in FINALISTS for seed in range(NUM_SEEDS)]
    return [_trial(number, phase, rate, seed) for number, (phase, rate, seed) in enumerate(settings)]


def _recipe_trials() -> list[parts.Trial]:
    return [_trial(seed, "recipe", BEST, seed).model_copy(update={"values": {}}) for seed in range(NUM_SEEDS)]


def _search() -> parts.Search:
    trials = _trials()
    finalists = []
    for place, rate in enumerate(FINALISTS):
        errors = [one.valid_error for one in trials if one.phase == "seeds" and one.learning_rate == rate]
        mean = float(np.mean(errors))
        number = next(one.number for one in trials if one.phase == "zoom" and one.learning_rate == rate)
        finalists.append(
            parts.FinalistScore(
                number=number,
                values=_values(rate),
                errors=errors,
                mean=mean,
                interval=(mean - 0.002, mean + 0.002),
                chosen=place == 0,
            )
        )
    return parts.Search(
        strategy="zoom",
        space={"learning_rate": {"log": [1e-6, 1.0]}},
        num_settings=18,
        num_halted=9,
        num_diverged=1,
        end="all settings that were planned were tried",
        seconds_a_setting=1.25,
        sentences=[
            "1 of 18 trials diverged (6 %).",
            "Another 50 trials should lower the error by 0.0004 ± 0.0003.",
        ],
        best_error=0.1428,
        corrected_error=0.1437,
        finalists=finalists,
        comparison="The 3 best recipes cannot be told apart over 5 seeds; "
        "the chosen one has the lowest mean error, 0.143.",
    )


def _columns() -> list[parts.Column]:
    numeric = ("age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week")
    categories = {
        "workclass": (8, 1836),
        "education": (16, 0),
        "occupation": (14, 1843),
        "native_country": (41, 583),
    }
    found = [parts.Column(name=name, kind="numeric", role="input") for name in numeric]
    found += [
        parts.Column(name=name, kind="categorical", role="input", num_levels=levels, missing=missing)
        for name, (levels, missing) in categories.items()
    ]
    found.append(
        parts.Column(name="row_id", kind="identifier", role="ignored", note="a different value in every row")
    )
    return [*found, parts.Column(name="income", kind="categorical", role="target", num_levels=2)]


def _summary() -> dict[str, Any]:
    members = [0.1462, 0.1449, 0.1471, 0.1455, 0.1466]
    return {
        "practicum": "0.1.0",
        "created": "2025-11-03T10:21:07+00:00",
        "run": "runs/adult",
        "command": "practicum fit adult.csv --target income --schema runs/adult/schema.yaml --replay runs/adult",
        "task": "binary",
        "target": "income",
        "classes": ["<=50K", ">50K"],
        "source": "adult.csv",
        "rows": parts.Rows(total=32_561, used=32_561, train=20_839, valid=5_210, test=6_512),
        "columns": _columns(),
        "split": parts.Split(method="stratified", seed=0, duplicates_across=7),
        "notes": [
            "Column row_id is set aside: it has a different value in every row.",
            "7 rows of test or valid are exact copies of training rows; they make the errors a little optimistic.",
        ],
        "baselines": [
            parts.BaselineScore(
                name="constant",
                description="always the most frequent class",
                valid=_score(0.241, 0.0116, 5_210),
                test=_score(0.2408, 0.0104, 6_512),
            ),
            parts.BaselineScore(
                name="linear",
                description="logistic regression, C = 0.1 (of 6 tried on the validation rows)",
                valid=_score(0.152, 0.0097, 5_210),
                test=_score(0.1575, 0.0088, 6_512),
                difference=parts.Paired(value=-0.0137, interval=(-0.0192, -0.0081)),
            ),
        ],
        "trials": _trials(),
        "learning_rate": parts.LearningRate(
            best=BEST,
            largest_stable=0.316,
            smallest_diverged=1.0,
            ratio=0.316,
            resolved_factor=1.47,
            text="The largest rate that did not diverge is 0.316 (1 did); the best, 0.1, is 0.32 times that.",
        ),
        "search": _search(),
        "recipe": {
            "preprocess": "standardise",
            "hidden_sizes": [128, 128],
            "activation": "relu",
            "learning_rate": BEST,
            "batch_size": 32,
            "momentum": 0.0,
            "l2_penalty": 0.0,
            "early_stopping": True,
            "patience_steps": 10_000,
            "num_steps": 30_000,
            "seed": 0,
        },
        "train": _score(0.1286, 0.0045, 20_839),
        "valid": _score(0.1421, 0.0095, 5_210),
        "test": parts.TestScore(
            error=0.1438,
            interval=(0.1355, 0.1525),
            num_rows=6_512,
            members=members,
            committee=0.1438,
            member_mean=float(np.mean(members)),
            difference=parts.Paired(value=-0.0024, interval=(-0.0051, 0.0003)),
            metrics={"balanced_error": 0.223, "log_loss": 0.312, "auc": 0.914},
        ),
        "fitting": parts.Fitting(
            verdict="balanced",
            text="Training error 12.9%, test error 14.4%: a gap of 1.5 points (95% interval 0.6 to 2.5 points).",
            advice=["Double the hidden units and see.", "Better inputs help more than more training."],
        ),
        "seconds": 58.7,
        "budget_seconds": 60.0,
        "phase_seconds": {"reading": 0.4, "baselines": 1.1, "search": 31.2, "seeds": 24.8},
        "files": {"report": "report.html", "recipe": "recipe.yaml", "record": "record.parquet"},
    }


@pytest.fixture
def make_summary() -> Callable[..., parts.Summary]:
    """Return a function that makes the summary, of a search or of a given recipe, with changes."""

    def make(*, searched: bool = True, **changes: Any) -> parts.Summary:
        given = {} if searched else {"search": None, "learning_rate": None, "trials": _recipe_trials()}
        return parts.Summary(**(_summary() | given | changes))

    return make


@pytest.fixture
def record() -> pl.DataFrame:
    """Return curves of every trial: training loss falls, validation loss has a minimum."""
    frames = []
    for trial in _trials():
        count = 8 if trial.diverged else VALIDATIONS
        step = 250 * np.arange(count)
        noise = stream(0, f"curve {trial.number}").normal(size=(2, count))
        speed = 1 - np.exp(-step * trial.learning_rate / 300)
        train = 0.69 - 0.4 * speed - 3e-6 * step * speed + 0.008 * noise[0]
        valid = 0.69 - 0.37 * speed + 0.5 * (step / 60_000) ** 2 * speed + 0.002 * noise[1]
        train[0] = np.nan
        if trial.diverged:
            valid[-1] = np.inf
        frames.append(
            pl.DataFrame(
                {
                    "trial": np.full(count, trial.number),
                    "step": step,
                    "age": step * 32,
                    "learning_rate": np.full(count, trial.learning_rate),
                    "train_loss": train,
                    "valid_loss": valid,
                    "valid_error": valid / 2.2,
                    "improved": valid <= np.minimum.accumulate(valid),
                },
                schema=SCHEMA,
            )
        )
    return pl.concat(frames)


def _colours(value: Any) -> Any:
    """Replace names of CSS properties by a colour that plotly's own check knows."""
    if isinstance(value, dict):
        return {key: _colours(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_colours(each) for each in value]
    return "#000000" if isinstance(value, str) and value.startswith("--") else value


@pytest.fixture
def check_valid() -> Callable[[Figure], None]:
    """Return a check that plotly's own schema accepts a figure, and that it is plain JSON without nan."""

    def check(figure: Figure) -> None:
        go.Figure(_colours(figure.data), _colours(figure.layout))
        json.dumps([figure.data, figure.layout], allow_nan=False)

    return check
