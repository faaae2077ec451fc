"""Small runs that were really fitted, in a second: for what reads a finished run together with its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.made_outcomes import table

from practicum.faces.run import Run
from practicum.faces.training import fit

RECIPE = {"hidden_sizes": (6,), "num_steps": 60, "validate_every_steps": 20, "learning_rate": 0.3}


def fit_small(folder: Path, task: str = "binary", **options: Any) -> Run:
    """Return a run on a table that lies beside it."""
    path = folder / "table.csv"
    table(task).write_csv(path)
    given = {"recipe": RECIPE, "seeds": 3, "out": folder / "run", **options}
    return fit(str(path), target=task, **given)
