"""The main path on small tables of each task: what a finished fit says, in which order, and that it is true."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from rich.console import Console
from tests.made_outcomes import SMALL, TASKS, table

import practicum
from practicum.core.record import Record
from practicum.core.summary import Summary
from practicum.data.pipeline import load, prepare
from practicum.engine.clock import Progress
from practicum.experiment import fit
from practicum.recipe import Recipe
from practicum.recipe.space import Entry, Log, LogInteger, Space
from practicum.report.terminal import print_summary
from practicum.request import Request
from practicum.runs.layout import FILES
from practicum.tuning.samplers.table import SAMPLERS

NUM_ROWS = 240
BUDGET_SECONDS = 120.0
"""More than enough, however busy the machine is."""

TINY = Space(
    (Entry("learning_rate", Log(1e-3, 0.5)), Entry("batch_size", LogInteger(16, 64, multiple=16))),
    SMALL.changed(num_steps=60),
)


class Finished(NamedTuple):
    """A fit that was let run to its end: the table, the summary, what was told on the way."""

    frame: pl.DataFrame
    summary: Summary
    told: list[Progress]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Finished]:
    """Return a function that gives the fit of a task, done once for all tests here."""
    done: dict[str, Finished] = {}

    def fitted(task: str) -> Finished:
        if task not in done:
            frame, told = table(task, NUM_ROWS), []
            asked = Request(
                data=frame,
                target=task,
                space=TINY.with_base(TINY.base.changed(num_steps=400)),
                num_trials=6,
                num_seeds=2,
                budget_seconds=BUDGET_SECONDS,
                started=monotonic(),
                out=tmp_path_factory.mktemp("fits") / task,
            )
            done[task] = Finished(frame, fit(asked, told.append), told)
        return done[task]

    return fitted


@pytest.mark.parametrize("task", TASKS)
def test_a_fit_says_everything(task: str, finished: Callable[[str], Finished]) -> None:
    """Every part of the summary is there, and the parts agree with each other."""
    found = finished(task).summary
    rows, rate, search = found.rows, found.learning_rate, found.search

    assert (found.task, found.target, found.interrupted) == (task, task, False)
    assert (rows.total, rows.train, rows.valid, rows.test) == (NUM_ROWS, 144, 48, 48)
    assert [score.name for score in found.baselines] == ["constant", "linear"]
    assert all(score.valid and score.test and score.difference for score in found.baselines)
    assert rate is not None
    assert rate.best == found.recipe["learning_rate"]
    assert search is not None
    assert search.sentences
    assert search.seconds_a_setting > 0
    assert [one.chosen for one in search.finalists] == [True] + [False] * (len(search.finalists) - 1)
    assert search.finalists[0].values["learning_rate"] == rate.best
    assert found.fitting is not None
    assert found.fitting.text
    assert list(found.phase_seconds) == list(dict.fromkeys(one.phase for one in finished(task).told))
    assert sum(found.phase_seconds.values()) <= found.seconds
    assert found.budget_seconds == BUDGET_SECONDS
    assert found.files.items() >= FILES.items()
    assert {path.name for path in Path(found.run).iterdir()} == set(found.files.values())


@pytest.mark.parametrize("task", TASKS)
def test_trials_are_numbered_through_the_phases(task: str, finished: Callable[[str], Finished]) -> None:
    """The search's phases, then the finals; whoever has a number, and was validated, has a curve."""
    found = finished(task).summary
    phases = [trial.phase for trial in found.trials]
    curves = Record.load(Path(found.run) / FILES["record"]).frame()

    assert [trial.number for trial in found.trials] == sorted({trial.number for trial in found.trials})
    # Rows are few, so every setting and every seed was trained in folds, and its values stand with it.
    assert found.search.num_folds == 5
    assert phases == sorted(phases, key=["wide", "zoom", "seeds"].index)
    assert len(found.search_trials) == 6 * 5
    assert phases.count("seeds") == 3 * 2 * 5
    assert [trial.fold for trial in found.trials] == [*range(5)] * (6 + 3 * 2)
    assert all(trial.values["learning_rate"] == trial.learning_rate for trial in found.trials)
    for trial in found.trials:
        steps = curves.filter(pl.col("trial") == trial.number)["step"].to_list()
        assert steps == sorted(set(steps))
        assert not steps or steps[0] == 0
        assert not steps or steps[-1] <= trial.num_steps
        assert trial.valid_error is None or trial.best_step in steps


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
    """The elected committee beats the constant beyond chance, and each member is a number."""
    found = finished(task).summary
    constant = found.baseline("constant")

    assert found.test.error < constant.test.error
    assert constant.difference.interval[1] < 0
    assert constant.difference.value == pytest.approx(found.test.error - constant.test.error)
    assert len(found.test.members) % found.search.num_folds == 0  # folds' members sit together
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
    usual = ["reading", "preparing", "baselines", "measuring", "search", "seeds", "committee", "testing"]
    phases = [phase for phase in dict.fromkeys(one.phase for one in told) if phase in usual]

    assert phases == usual
    assert fractions == sorted(fractions)
    assert remaining == sorted(remaining, reverse=True)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert any(one.message.endswith("trials") for one in told if one.phase == "search")


@pytest.mark.parametrize("task", TASKS)
def test_the_terminal_shows_it_in_80_columns(task: str, finished: Callable[[str], Finished]) -> None:
    """The search, its finals and the rest; no line is longer, no number is missing by name."""
    out = StringIO()
    print_summary(finished(task).summary, Console(file=out, width=80, color_system=None))
    text = out.getvalue()

    assert max(map(len, text.splitlines())) <= 80
    assert "\nSearch\n" in text
    assert "Finals: the best 3" in text
    assert not re.search(r"\b(nan|inf|None)\b", text)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_strategy_fits(sampler: str, tmp_path: Path) -> None:
    """A few settings of a tiny space: tried, the best trained on two seeds, a committee saved that predicts."""
    asked = Request(
        data=table("regression"),
        target="regression",
        space=TINY,
        sampler=sampler,
        num_trials=4,
        num_folds=1,
        num_seeds=2,
        budget_seconds=None,
        out=tmp_path / "run",
    )
    found = fit(asked)

    assert found.search is not None
    assert (found.search.strategy, found.search.num_settings) == (sampler, 4)
    assert set(found.search.finalists[0].values) == {"learning_rate", "batch_size"}
    assert found.test.error < 1.5
    assert np.isfinite(practicum.load(found.run).predict(table("regression", 5, seed=1))).all()


@pytest.mark.parametrize("recipe", [None, SMALL.changed(num_steps=60)])
def test_progress_without_a_budget_only_goes_on_too(recipe: Recipe | None, tmp_path: Path) -> None:
    """The fraction is that of the trials; it never falls."""
    told: list[Progress] = []
    searched = {} if recipe is not None else {"space": TINY, "num_trials": 4, "num_folds": 1}
    asked = Request(
        data=table("binary"),
        target="binary",
        recipe=recipe,
        num_seeds=2,
        budget_seconds=None,
        out=tmp_path / "run",
        **searched,
    )
    fit(asked, told.append)
    fractions = [one.fraction for one in told]

    assert fractions == sorted(fractions)
    assert fractions[-1] > 0.5


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
