"""The same again: from a run's own files the same committee to the bit, and from its folder the same predictions."""

from __future__ import annotations

import os
import shlex
import signal
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
from practicum import experiment
from practicum.__main__ import main
from practicum.core.summary import Summary
from practicum.data.schema import Schema
from practicum.engine.crew.foreman import Foreman
from practicum.experiment import fit
from practicum.faces.request import make_request
from practicum.recipe import Recipe
from practicum.recipe.space import Choice, Entry, Log, LogInteger, Space
from practicum.request import Request
from practicum.runs.layout import FILES
from practicum.runs.weights import load_members

AGAIN_SECONDS = 600.0
"""More than enough for the second fit: its recipe says when to end."""

MIXED = Space(
    (
        Entry("learning_rate", Log(1e-3, 0.5)),
        Entry("batch_size", LogInteger(16, 64, multiple=16)),
        Entry("preprocess", Choice(("standardise", "uniformise"))),
    ),
    SMALL,
)
"""Settings of several shapes and preparations."""


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Load what the baselines need, which is not part of a short budget."""
    import sklearn.linear_model  # noqa: F401


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


def interrupt_after(monkeypatch: pytest.MonkeyPatch, answers: int) -> None:
    """Press Ctrl-C once, after so many answers of the workers."""
    real, heard = Foreman.wait, []

    def wait(self: Foreman) -> Any:
        heard.append(self)
        if len(heard) == answers:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self)

    monkeypatch.setattr(Foreman, "wait", wait)


def searched(out: Path, task: str = "regression", **values: Any) -> Summary:
    """Fit by a search of a few settings, each trained for a moment."""
    given: dict[str, Any] = {
        "data": table(task),
        "target": task,
        "space": MIXED.with_base(SMALL.changed(num_steps=75)),
        "num_trials": 6,
        "num_folds": 1,
        "num_seeds": 2,
        "budget_seconds": None,
        "out": out,
    }
    return fit(Request(**{**given, **values}))


def told(found: Summary) -> list[tuple[Any, ...]]:
    """Return all that trials say of themselves but the time that they took."""
    return [
        (trial.number, trial.phase, trial.values, trial.status, trial.num_steps, trial.valid_error)
        for trial in found.trials
    ]


def same_search(one: Summary, other: Summary) -> bool:
    """Return whether two searches tried, stopped and chose the same."""
    assert one.search is not None
    assert other.search is not None
    same_choice = one.recipe == other.recipe and one.search.finalists == other.search.finalists
    return same_choice and told(one) == told(other)


@pytest.mark.parametrize("sampler", ["zoom", "random", "tpe"])
def test_a_number_of_trials_fixes_everything(sampler: str, tmp_path: Path) -> None:
    """Twice the same spec and seed: every trial, stop and choice, and the committee to the bit; not so another seed."""
    first, second = (searched(tmp_path / name, sampler=sampler) for name in ("a", "b"))

    assert same_search(first, second)
    assert same_committee(tmp_path / "a", tmp_path / "b")
    assert second.test == first.test
    assert not same_search(first, searched(tmp_path / "c", sampler=sampler, seed=1))


@pytest.mark.parametrize("num_folds", [1, 3])
def test_one_worker_or_two_choose_the_same(num_folds: int, tmp_path: Path) -> None:
    """Halving ranks by the number of the pack, not by arrival; the committee is the same to the bit."""
    patient = MIXED.with_base(SMALL.changed(patience_steps=400))
    first, second = (
        searched(tmp_path / str(count), space=patient, num_trials=9, num_workers=count, num_folds=num_folds)
        for count in (1, 2)
    )

    assert any(trial.status == "halted" for trial in first.trials)
    assert same_search(first, second)
    assert same_committee(tmp_path / "1", tmp_path / "2")


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_a_search_in_a_time_is_repeated_without_a_clock(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What time decided is kept: which settings, how long, cut where they were; the line that is printed says so."""
    # A machine that is taken for far too quick plans too much, so that the clock has to cut.
    monkeypatch.setattr(experiment, "pace_of", lambda *_: 1e-7)
    table(task).write_csv(tmp_path / "data.csv")
    first = searched(
        tmp_path / "a",
        task,
        data=str(tmp_path / "data.csv"),
        space=MIXED.with_base(SMALL.changed(patience_steps=10**9)),
        num_trials=None,
        num_folds=None,
        budget_seconds=4.0,
        started=monotonic(),
    )
    _, *words = shlex.split(first.command)

    assert "--replay" in words
    assert any(trial.status == "budget" for trial in first.trials)
    assert main([*words, "--out", str(tmp_path / "b")]) == 0
    second = Summary.load(tmp_path / "b")
    assert same_search(first, second)
    assert same_committee(tmp_path / "a", tmp_path / "b")
    assert second.test == first.test


def test_what_was_repeated_can_be_repeated(tmp_path: Path) -> None:
    """The decisions of a run that repeats another are the other's."""
    first = searched(tmp_path / "a", "binary")
    data = table("binary")
    second = fit(make_request(data=data, target="binary", replay=tmp_path / "a", out=tmp_path / "b"))

    assert second.decisions == first.decisions
    assert same_search(first, second)


@pytest.mark.parametrize("num_folds", [1, 3])
def test_the_recipe_that_a_search_found_trains_the_same_seeds_again(num_folds: int, tmp_path: Path) -> None:
    """By itself, in as many folds: each training of the winner ends where it ended in the finals."""
    first = searched(tmp_path / "a", num_folds=num_folds)
    assert first.search is not None
    asked = Request(data=table("regression"), target="regression", num_seeds=2)
    second = again(tmp_path / "a", asked, tmp_path / "b")
    winner = [trial for trial in first.members if trial.values == first.search.finalists[0].values]

    assert [(trial.seed, trial.fold, trial.valid_error) for trial in second.trials] == [
        (trial.seed, trial.fold, trial.valid_error) for trial in winner
    ]
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
        pytest.param({"patience_steps": 10**9, "hidden_sizes": (600, 600)}, 4.0, "budget", id="the clock"),
        pytest.param(
            {
                "patience_steps": 10**9,
                "hidden_sizes": (600, 600),
                "momentum": 0.9,
                "averaging": 0.9,
                "decay_start_step": "auto",
            },
            4.0,
            "budget",
            id="the clock, with all that has a state",
        ),
    ],
)
def test_a_recipe_is_trained_again(
    settings: dict[str, Any], budget: float, status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ended the first fit, the recipe it kept ends the second at the same weights.

    Where it is the clock, of one seed: a recipe says but one length; for several there is what was decided.
    """
    monkeypatch.setattr(experiment, "pace_of", lambda *_: 1e-7)  # planned longer than the clock allows
    asked = Request(
        data=table("regression"),
        target="regression",
        budget_seconds=budget,
        started=monotonic(),
        num_seeds=1 if status == "budget" else 2,
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


@pytest.mark.parametrize(
    ("settings", "budget", "num_folds"),
    [
        pytest.param({}, 4.0, 1, id="each seed where the clock cut it"),
        pytest.param({}, 4.0, 3, id="in folds"),
        pytest.param({"early_stopping": False}, 4.0, 1, id="nothing else would end it"),
        pytest.param({"hidden_sizes": (2000, 2000)}, 0.01, 1, id="the least, where nothing was validated"),
    ],
)
def test_seeds_that_the_clock_cut_are_repeated(
    settings: dict[str, Any], budget: float, num_folds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the line that the summary gives: several seeds of a recipe, each as far as it came."""
    monkeypatch.setattr(experiment, "pace_of", lambda *_: 1e-7)
    table("regression").write_csv(tmp_path / "data.csv")
    endless = {"patience_steps": 10**9, "hidden_sizes": (600, 600), **settings}
    asked = Request(
        data=tmp_path / "data.csv",
        target="regression",
        budget_seconds=budget,
        started=monotonic(),
        num_seeds=3,
        num_folds=num_folds,
        seed=3,
        recipe=SMALL.changed(**endless),
        out=tmp_path / "a",
    )
    first = fit(asked)
    _, *words = shlex.split(first.command)

    assert budget < 1 or {trial.status for trial in first.trials} == {"budget"}
    assert main([*words, "--out", str(tmp_path / "b")]) == 0
    second = Summary.load(tmp_path / "b")
    assert told(second) == told(first)
    assert second.recipe == first.recipe
    assert second.test == first.test
    assert second.decisions == first.decisions
    assert same_committee(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize(("recipe", "answers"), [(None, 3), (None, 20), (None, 60), (SMALL, 3), (SMALL, 8)])
def test_what_a_ctrl_c_kept_is_trained_again(
    recipe: Recipe | None, answers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the line that the summary gives, as the command line reads it: a search, wherever it was, or a recipe."""
    table("regression").write_csv(tmp_path / "data.csv")
    with monkeypatch.context() as patched:
        interrupt_after(patched, answers=answers)
        asked = Request(
            data=tmp_path / "data.csv",
            target="regression",
            num_seeds=3,
            num_trials=None if recipe else 12,
            budget_seconds=AGAIN_SECONDS,
            started=monotonic(),
            recipe=recipe,
            out=tmp_path / "a",
        )
        first = fit(asked)
    _, *words = shlex.split(first.command)

    assert first.interrupted
    assert main([*words, "--out", str(tmp_path / "b")]) == 0
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


@pytest.mark.parametrize("num_workers", [1, 3])
def test_the_number_of_workers_changes_no_bit(num_workers: int, tmp_path: Path) -> None:
    """However the members are dealt out to workers, each is trained as it would be alone."""
    asked = Request(
        data=table("multiclass"),
        target="multiclass",
        recipe=SMALL.changed(num_steps=150),
        num_seeds=5,
        num_workers=2,
        out=tmp_path / "a",
    )
    fit(asked)
    again(tmp_path / "a", asked, tmp_path / "b", num_workers=num_workers)

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
