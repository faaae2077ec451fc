"""The same again: from a run's own files the same committee to the bit, and from its folder the same predictions."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
from tests.made_outcomes import SMALL, TASKS, table
from torch import Tensor

import practicum
from practicum.__main__ import main
from practicum.core.summary import Summary
from practicum.data.schema import Schema
from practicum.engine import workers
from practicum.engine.workers import Workers
from practicum.experiment import Request, fit
from practicum.recipe import Recipe
from practicum.runs.layout import FILES
from practicum.runs.weights import load_members

AGAIN_SECONDS = 600.0
"""More than enough for the second fit: its recipe says when to end."""


def committee(run: Path) -> list[Mapping[str, Tensor]]:
    """Return the members' parameters."""
    return load_members(run / FILES["weights"])[0]


def same_committee(one: Path, other: Path) -> bool:
    """Return whether two runs hold the same members, bit for bit."""
    first, second = committee(one), committee(other)
    pairs = zip(first, second, strict=False)
    return len(first) == len(second) and all(a[name].equal(b[name]) for a, b in pairs for name in a)


def again(run: Path, asked: Request, out: Path, **changes: Any) -> Summary:
    """Fit once more with the recipe and the schema that ``run`` kept."""
    values: dict[str, Any] = {
        "data": asked.data,
        "target": asked.target,
        "seed": asked.seed,
        "num_seeds": asked.num_seeds,
        "budget_seconds": AGAIN_SECONDS,
        "recipe": Recipe.load(run / FILES["recipe"]),
        "schema": Schema.load(run / FILES["schema"]),
        "out": out,
    }
    return fit(Request(**{**values, **changes}))


def interrupt_after(monkeypatch: pytest.MonkeyPatch, rungs: int) -> None:
    """Press Ctrl-C after so many rungs."""
    real, done = Workers.advance, []

    def advance(self: Workers, packs: Any, until: int) -> Any:
        if len(done) == rungs:
            raise KeyboardInterrupt
        done.append(until)
        return real(self, packs, until)

    monkeypatch.setattr(Workers, "advance", advance)


@pytest.mark.parametrize("task", TASKS)
def test_a_searched_committee_is_trained_again(task: str, tmp_path: Path) -> None:
    """The clock decided how long the first trained; the second has only the number it wrote down."""
    asked = Request(
        data=table(task),
        target=task,
        budget_seconds=2.0,
        started=monotonic(),
        num_seeds=2,
        out=tmp_path / "a",
    )
    first = fit(asked)
    second = again(tmp_path / "a", asked, tmp_path / "b")

    assert first.learning_rate is not None
    assert second.learning_rate is None
    assert same_committee(tmp_path / "a", tmp_path / "b")
    assert second.test == first.test
    assert second.valid == first.valid
    assert second.recipe == first.recipe


@pytest.mark.parametrize(
    ("settings", "budget", "status"),
    [
        pytest.param(
            {"num_steps": 110}, AGAIN_SECONDS, "num_steps", id="all updates done, between validations"
        ),
        pytest.param(
            {"patience_steps": 310, "patience_increase": 1.0, "learning_rate": 0.05},
            AGAIN_SECONDS,
            "patience",
            id="patience, between validations",
        ),
        pytest.param({"patience_steps": 10**9}, 1.0, "budget", id="the clock"),
        pytest.param(
            {"patience_steps": 10**9, "momentum": 0.9, "averaging": 0.9, "decay_start_step": "auto"},
            1.0,
            "budget",
            id="the clock, with all that has a state",
        ),
    ],
)
def test_a_recipe_is_trained_again(
    settings: dict[str, Any], budget: float, status: str, tmp_path: Path
) -> None:
    """Whatever ended the first fit, the recipe it kept ends the second at the same weights."""
    asked = Request(
        data=table("regression"),
        target="regression",
        budget_seconds=budget,
        started=monotonic(),
        num_seeds=2,
        seed=3,
        recipe=SMALL.changed(**settings),
        out=tmp_path / "a",
    )
    first = fit(asked)
    second = again(tmp_path / "a", asked, tmp_path / "b")

    assert {trial.status for trial in first.trials} == {status}
    assert same_committee(tmp_path / "a", tmp_path / "b")
    assert second.test == first.test
    assert second.recipe == first.recipe


@pytest.mark.parametrize("recipe", [None, SMALL])
def test_what_a_ctrl_c_kept_is_trained_again(
    recipe: Recipe | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the line that the summary gives, as the command line reads it: one seed after a search, all after a recipe."""
    table("regression").write_csv(tmp_path / "data.csv")
    with monkeypatch.context() as patched:
        interrupt_after(patched, rungs=3)
        asked = Request(
            data=tmp_path / "data.csv",
            target="regression",
            num_seeds=2,
            budget_seconds=AGAIN_SECONDS,
            started=monotonic(),
            recipe=recipe,
            out=tmp_path / "a",
        )
        first = fit(asked)
    _, *words = shlex.split(first.command)

    assert first.interrupted
    assert main([*words, "--out", str(tmp_path / "b")]) == 0
    assert len(committee(tmp_path / "a")) == (1 if recipe is None else 2)
    assert same_committee(tmp_path / "a", tmp_path / "b")


def test_another_seed_is_another_committee(tmp_path: Path) -> None:
    """So that "the same" above says something."""
    asked = Request(
        data=table("binary"),
        target="binary",
        recipe=SMALL.changed(num_steps=50),
        num_seeds=2,
        out=tmp_path / "a",
    )
    fit(asked)
    again(tmp_path / "a", asked, tmp_path / "b", seed=1)

    assert not same_committee(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("num_cores", [1, 3])
def test_the_number_of_cores_changes_no_bit(
    num_cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the members are dealt out to workers, each is trained as it would be alone."""
    asked = Request(
        data=table("multiclass"),
        target="multiclass",
        recipe=SMALL.changed(num_steps=150),
        num_seeds=5,
        out=tmp_path / "a",
    )
    monkeypatch.setattr(workers, "num_cores", lambda: 2)
    fit(asked)
    monkeypatch.setattr(workers, "num_cores", lambda: num_cores)
    again(tmp_path / "a", asked, tmp_path / "b")

    assert same_committee(tmp_path / "a", tmp_path / "b")


PREDICT = """
import sys
import numpy as np
import polars as pl
import practicum
folder = sys.argv[1]
for task in sys.argv[2:]:
    run = practicum.load(f"{folder}/{task}")
    rows = pl.read_parquet(f"{folder}/new.parquet")
    np.save(f"{folder}/{task}.npy", run.predict(rows) if run.classes is None else run.predict_proba(rows))
"""


def test_a_new_process_predicts_the_same_bits(tmp_path: Path) -> None:
    """Probabilities of each class and values in the target's unit, of rows that training never saw."""
    for task in TASKS:
        recipe = SMALL.changed(num_steps=100, hidden_sizes=(20, 12))
        fit(Request(data=table(task), target=task, recipe=recipe, num_seeds=3, out=tmp_path / task))
    new = table("binary", 700, seed=9).drop("binary")
    new.write_parquet(tmp_path / "new.parquet")
    runs = {task: practicum.load(tmp_path / task) for task in TASKS}
    here = {t: run.predict(new) if run.classes is None else run.predict_proba(new) for t, run in runs.items()}
    subprocess.run([sys.executable, "-c", PREDICT, str(tmp_path), *TASKS], check=True)

    for task in TASKS:
        assert np.array_equal(np.load(tmp_path / f"{task}.npy"), here[task])
        assert np.ptp(here[task], axis=0).min() > 0
