"""The main path on small tables of each task: what a finished fit says, in which order, and that it is true."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from tests.made_outcomes import TASKS, table

import practicum
from practicum.core.record import Record
from practicum.core.summary import Summary
from practicum.data.pipeline import load, prepare
from practicum.engine.clock import Progress
from practicum.experiment import Request, fit
from practicum.recipe import Recipe
from practicum.runs.layout import FILES

NUM_ROWS = 240
BUDGET_SECONDS = 3.0
WIDE_RATES = 13


class Finished(NamedTuple):
    """A fit that was let run to its end: the table, the summary, what was told on the way."""

    frame: pl.DataFrame
    summary: Summary
    told: list[Progress]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Finished]:
    """Return a function that gives the fit of a task, done once for all tests here."""
    import sklearn.linear_model  # noqa: F401 - loading it is not part of the short budget

    done: dict[str, Finished] = {}

    def fitted(task: str) -> Finished:
        if task not in done:
            frame, told = table(task, NUM_ROWS), []
            asked = Request(
                data=frame,
                target=task,
                budget_seconds=BUDGET_SECONDS,
                started=monotonic(),
                num_seeds=2,
                out=tmp_path_factory.mktemp("fits") / task,
            )
            done[task] = Finished(frame, fit(asked, told.append), told)
        return done[task]

    return fitted


@pytest.mark.parametrize("task", TASKS)
def test_a_fit_says_everything(task: str, finished: Callable[[str], Finished]) -> None:
    """Every part of the summary is there, and the parts agree with each other."""
    found = finished(task).summary
    rows, rate = found.rows, found.learning_rate

    assert (found.task, found.target, found.interrupted) == (task, task, False)
    assert (rows.total, rows.train, rows.valid, rows.test) == (NUM_ROWS, 144, 48, 48)
    assert [score.name for score in found.baselines] == ["constant", "linear"]
    assert all(score.valid and score.test and score.difference for score in found.baselines)
    assert rate is not None
    assert rate.best == found.recipe["learning_rate"]
    assert {trial.learning_rate for trial in found.members} == {rate.best}
    assert {trial.seed for trial in found.members} == {0, 1}
    assert found.fitting is not None
    assert found.fitting.text
    assert list(found.phase_seconds) == list(dict.fromkeys(one.phase for one in finished(task).told))
    assert sum(found.phase_seconds.values()) <= found.seconds
    assert found.budget_seconds == BUDGET_SECONDS
    assert found.files == FILES


@pytest.mark.parametrize("task", TASKS)
def test_trials_are_numbered_through_the_phases(task: str, finished: Callable[[str], Finished]) -> None:
    """The wide search, perhaps beyond its border, the zoom, the seeds; those that have a number have a curve."""
    found = finished(task).summary
    phases = [trial.phase for trial in found.trials]
    curves = Record.load(Path(found.run) / FILES["record"]).frame()

    assert [trial.number for trial in found.trials] == list(range(len(phases)))
    assert phases == sorted(phases, key=["wide", "extended", "zoom", "seeds"].index)
    assert (phases.count("wide"), phases.count("zoom"), phases.count("seeds")) == (WIDE_RATES, 5, 2)
    assert (phases.count("extended") > 0) is found.learning_rate.extended
    for trial in found.trials:
        steps = curves.filter(pl.col("trial") == trial.number)["step"].to_list()
        assert steps[0] == 0
        assert steps == sorted(set(steps))
        assert trial.best_step in steps
        assert steps[-1] <= trial.num_steps


@pytest.mark.parametrize("task", TASKS)
def test_all_that_is_printed_is_json(task: str, finished: Callable[[str], Finished]) -> None:
    """One object without nan or infinity, the same as is on disk and as a run that is loaded has."""
    found = finished(task).summary
    printed = json.loads(found.to_json(), parse_constant=pytest.fail)
    on_disk = json.loads((Path(found.run) / FILES["summary"]).read_text(), parse_constant=pytest.fail)

    assert printed == on_disk
    assert practicum.load(found.run).summary.to_json() == found.to_json()


@pytest.mark.parametrize("task", TASKS)
def test_a_learnable_problem_is_learnt(task: str, finished: Callable[[str], Finished]) -> None:
    """The committee beats the constant beyond chance, and each member is a number."""
    found = finished(task).summary
    constant = found.baseline("constant")

    assert found.test.error < constant.test.error
    assert constant.difference.interval[1] < 0
    assert constant.difference.value == pytest.approx(found.test.error - constant.test.error)
    assert 1 <= len(found.test.members) <= 2  # a seed may diverge where the best rate is near the edge
    assert all(math.isfinite(error) for error in found.test.members)
    for score in (found.train, found.valid, found.test):
        assert 0 <= score.interval[0] <= score.error <= score.interval[1] < 1.5


@pytest.mark.parametrize("task", TASKS)
def test_the_test_error_is_what_a_user_measures(task: str, finished: Callable[[str], Finished]) -> None:
    """Predicting the rows that were kept for testing, by the loaded run, gives the error of the summary."""
    frame, found, _ = finished(task)
    kept = prepare(load(frame, task), recipe=Recipe(), seed=0).split.test
    rows = frame[kept]
    truth, predicted = rows[task].to_numpy(), practicum.load(found.run).predict(rows.drop(task))
    if task == "regression":
        error = np.sqrt(np.mean((predicted - truth) ** 2)) / truth.std()
    else:
        error = np.mean(predicted != truth)

    assert found.test.error == pytest.approx(error, rel=1e-5)
    if task == "regression":
        assert found.test.metrics["mae"] == pytest.approx(np.abs(predicted - truth).mean(), rel=1e-5)


@pytest.mark.parametrize("task", TASKS)
def test_progress_only_goes_on(task: str, finished: Callable[[str], Finished]) -> None:
    """The fraction never falls, the time that remains never grows; every phase is announced in its turn."""
    told = finished(task).told
    fractions, remaining = [one.fraction for one in told], [one.remaining_seconds for one in told]
    phases = [phase for phase in dict.fromkeys(one.phase for one in told) if phase != "extended"]

    assert phases == ["reading", "preparing", "baselines", "wide", "zoom", "seeds", "testing"]
    assert fractions == sorted(fractions)
    assert remaining == sorted(remaining, reverse=True)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert "13 trials" in {one.message for one in told if one.phase == "wide"}


def test_a_run_without_a_folder_is_named_after_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`runs/<file>-<time>` in the working folder; two fits in one second get two folders."""
    monkeypatch.chdir(tmp_path)
    table("binary").write_csv("people.csv")
    quick = Recipe(hidden_sizes=(6,), learning_rate=0.1, num_steps=25)
    first, second = (
        fit(Request(data="people.csv", target="binary", recipe=quick, budget_seconds=None, num_seeds=1))
        for _ in range(2)
    )

    assert Path(first.run).parent == Path(second.run).parent == Path("runs")
    assert Path(first.run).name.startswith("people-2")
    assert len(list((tmp_path / "runs").iterdir())) == 2
