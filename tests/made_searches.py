"""The summary of a search that never was: settings drawn at random, whose error a formula says."""

from __future__ import annotations

import math
from typing import Any

from practicum.core.seeds import stream
from practicum.core.summary import (
    BatchSizeScore,
    BatchSizeTable,
    GridTable,
    Rows,
    Search,
    Split,
    Summary,
    Trial,
)
from practicum.recipe.space import Space

SPACE = Space.from_mapping(
    {
        "learning_rate": {"log": [1e-4, 1.0]},
        "momentum": {"linear": [0.0, 0.9]},
        "activation": {"choice": ["tanh", "relu"], "role": "scientific"},
    }
)
SIZES = BatchSizeTable(
    rows=[
        BatchSizeScore(
            batch_size=16, cost=2e-6, num_steps=3000, learning_rate=0.05, error=0.2, standard_error=0.01
        ),
        BatchSizeScore(
            batch_size=32, cost=1e-6, num_steps=3000, learning_rate=0.1, error=0.15, standard_error=0.01
        ),
    ],
    present=16,
    chosen=32,
    timed=True,
    text="At equal time, batches of 32 are better.",
)
GRID = GridTable(
    row_name="learning_rate",
    column_name="momentum",
    row_values=[0.01, 0.1],
    column_values=[0.0, 0.5],
    best=(0.1, 0.5),
    errors=[[0.3, 0.25], [0.2, math.nan]],
    num_steps=500,
    text="The grid says something.",
)


def error_of(values: dict[str, Any]) -> float:
    """Return the error: a rate of 0.1 is best, ReLU worse by a little, momentum does nothing."""
    distance = abs(math.log10(values["learning_rate"]) + 1)
    return 0.1 + 0.05 * distance + 0.03 * (values["activation"] == "relu")


def made_trials(count: int = 40, num_folds: int = 1, space: Space = SPACE) -> list[Trial]:
    """Return trials of a search: rates above 0.5 diverge, every third is halted."""
    draws = stream(0, "made search").random((count, len(space)))
    trials = []
    for number, row in enumerate(draws):
        values = space.values(dict(zip(space.names, map(float, row), strict=True)))
        rate = values["learning_rate"]
        status = "diverged" if rate > 0.5 else "halted" if number % 3 == 0 else "num_steps"
        trials += [
            Trial(
                number=number * num_folds + fold,
                phase="wide" if number < 0.75 * count else "zoom",
                learning_rate=rate,
                seed=0,
                fold=fold if num_folds > 1 else None,
                values=values,
                num_steps=100 + number,
                batch_size=32,
                seconds=1.0 + number % 5,
                status=status,
                valid_loss=0.5,
                valid_error=None if status == "diverged" else error_of(values) + 0.01 * fold,
            )
            for fold in range(num_folds)
        ]
    return trials


def made_search(count: int = 40, num_folds: int = 1, space: Space = SPACE, **changes: Any) -> Summary:
    """Return the summary; ``changes`` are of its search."""
    trials = made_trials(count, num_folds, space)
    seed = Trial(
        number=len(trials),
        phase="seeds",
        learning_rate=0.1,
        seed=1,
        num_steps=900,
        status="patience",
        valid_error=0.01,
    )
    grid = seed.model_copy(update={"number": len(trials) + 1, "phase": "grid"})
    search = Search(
        strategy="zoom",
        space=space.as_mapping(),
        num_settings=count,
        num_folds=num_folds,
        sentences=["Something was found."],
        **changes,
    )
    return Summary(
        practicum="0.1.0",
        created="2026-01-02T03:04:05",
        run="runs/x",
        task="binary",
        target="y",
        source="x.csv",
        rows=Rows(total=900, used=900, train=600, valid=200, test=100),
        split=Split(method="random"),
        trials=[*trials, seed, grid],
        search=search,
        seconds=1.0,
    )
