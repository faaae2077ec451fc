"""Run folders made without training: a fitted preparation, random members, a summary."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import torch

from practicum.core.summary import Rows, Split, Summary, TestScore
from practicum.data.prepare import Preparation
from practicum.data.schema import Column, Schema
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.runs.committee import Committee

TABLE = pl.DataFrame(
    {
        "age": [20.0, 30.0, None, 50.0, 60.0, 35.0],
        "job": ["clerk", "smith", "clerk", "baker", "smith", None],
        "binary": ["yes", "no", "no", "yes", "no", "no"],
        "multiclass": [1, 2, 3, 2, 1, 3],
        "regression": [1.0, 2.0, 3.5, 4.0, 5.5, 7.0],
    }
)
CLASSES = {"binary": ["no", "yes"], "multiclass": ["1", "2", "3"], "regression": None}


def make_run(path: Path, task: str = "binary", num_members: int = 2, categories: str = "one_hot") -> Path:
    """Write a run for ``task`` on :data:`TABLE` to ``path``; its members are random, each from its seed."""
    columns = [Column(name="age", kind="numeric"), Column(name="job", kind="categorical")]
    columns.append(
        Column(name=task, kind="numeric" if task == "regression" else "categorical", role="target")
    )
    schema = Schema(task=task, target=task, classes=CLASSES[task], columns=columns)
    preparation = Preparation.fit(TABLE, schema, categories=categories)
    network = Network(
        preparation.num_inputs, (8,), preparation.num_outputs, "tanh", task, tuple(preparation.num_levels)
    )
    start = initial_parameters(network, seed=0)
    members = [
        {
            name: torch.tensor(random.normal(size=value.shape), dtype=torch.float32)
            for name, value in start.items()
        }
        for random in map(np.random.default_rng, range(num_members))
    ]
    path.mkdir(parents=True)
    schema.save(path / "schema.yaml")
    Recipe(hidden_sizes=(8,), activation="tanh").save(path / "recipe.yaml")
    preparation.save(path)
    Committee([MLP(network, member) for member in members]).save(path / "model.safetensors")
    test = TestScore(error=0.25, interval=(0.1, 0.5), num_rows=1, committee=0.25, member_mean=0.3)
    Summary(
        practicum="0.1.0",
        created="2026-01-02T03:04:05",
        run=str(path),
        task=task,
        target=task,
        classes=CLASSES[task],
        source="table.csv",
        rows=Rows(total=6, used=6, train=4, valid=1, test=1),
        split=Split(method="random"),
        test=test,
        seconds=1.0,
    ).save(path)
    return path
