"""Tables with one thing wrong, and sound ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from practicum.data.pipeline import Prepared, load, prepare
from practicum.recipe import Recipe

NUM_ROWS = 600


def sound(task: str = "binary", num_rows: int = NUM_ROWS, seed: int = 0) -> dict[str, Any]:
    """Return four numbers and a category from which the target "y" can be told in part."""
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(num_rows, 4))
    place = random.choice(["north", "south", "east"], num_rows)
    score = numbers[:, 0] - numbers[:, 1] + (place == "south") + 0.7 * random.normal(size=num_rows)
    words = {
        "binary": np.where(score > 0.3, "yes", "no"),
        "multiclass": np.array(["low", "mid", "high"])[np.digitize(score, [-0.4, 0.9])],
        "regression": score,
    }
    return {**{f"x{k}": numbers[:, k] for k in range(4)}, "place": place, "y": words[task]}


def made_ready(table: dict[str, Any], test: dict[str, Any] | None = None, **options: Any) -> Prepared:
    """Return the table read, split and prepared; its target is "y"."""
    given = None if test is None else pl.DataFrame(test)
    return prepare(load(pl.DataFrame(table), "y", given), recipe=Recipe(), **options)


def series(num_rows: int = NUM_ROWS, seed: int = 3) -> dict[str, Any]:
    """Return a table whose target is remembered for some rows, no longer; the day says nothing else."""
    random = np.random.default_rng(seed)
    remembered = np.zeros(num_rows)
    for row in range(1, num_rows):
        remembered[row] = 0.85 * remembered[row - 1] + random.normal()
    return {"day": np.arange(num_rows) / 7, "x": random.normal(size=num_rows), "y": remembered}
