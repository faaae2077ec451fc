"""Facts about putting a finished run into its folder."""

import errno
import os
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
import torch
from tests.made_outcomes import SMALL, TASKS, finalist, learned, prepared, result, table

import practicum
from practicum.core.errors import ConfigError
from practicum.core.record import Record
from practicum.core.summary import Rows, Split, Summary
from practicum.data.preparations import Preparations
from practicum.data.prepare import Preparation
from practicum.data.read import read
from practicum.data.schema import Schema
from practicum.engine.clock import Clock
from practicum.engine.tasks import network_of
from practicum.recipe import Recipe
from practicum.report import save as save_module
from practicum.report.predicted import Predictions
from practicum.report.save import save_run
from practicum.runs.committee import Committee
from practicum.runs.elect import elect
from practicum.runs.layout import FILES
from practicum.runs.opening import open_run
from practicum.runs.predictor import Predictor, probabilities
from practicum.tuning.study import Store


def saved(path: Path, task: str = "binary", budget: float = 60.0, **values):
    """Save a run at ``path``; return data, what was learned, clock and the summary as saved."""
    data = prepared(task)
    made = learned(data, **values)
    clock = Clock(monotonic(), budget)
    clock.enter("testing")
    summary = Summary(
        practicum="0.1.0",
        created="2026-01-02T03:04:05",
        run=str(path),
        task=task,
        target=task,
        source="table.csv",
        rows=Rows(total=150, used=150, train=90, valid=30, test=30),
        split=Split(method="stratified"),
        seconds=0.0,
    )
    predictions = Predictions(np.array([0, 1, 1]), np.array([0, 1, 0]))
    with Store.open(None, "run", resume=False) as store:
        return data, made, clock, save_run(summary, predictions, made, clock, store)


def test_the_folder_holds_the_layout_and_nothing_else(tmp_path):
    """Every file of `FILES`, none empty; the summary names them all."""
    *_, summary = saved(tmp_path / "run")

    assert {file.name: True for file in (tmp_path / "run").iterdir()} == dict.fromkeys(FILES.values(), True)
    assert all(file.stat().st_size for file in (tmp_path / "run").iterdir())
    assert summary.files == FILES
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("task", TASKS)
def test_everything_reads_back_as_it_was(task, tmp_path):
    """Recipe, schema, preparation, weights and record; prepared rows and predictions to the bit."""
    data, made, _, _ = saved(tmp_path / "run", task)
    run = open_run(tmp_path / "run")
    preparation = Preparation.load(run.path)
    rows = preparation.transform(data.loaded.table.frame, rows=data.split.test)

    assert Recipe.load(run.file("recipe")) == made.recipe
    assert Schema.load(run.file("schema")) == data.schema
    assert Record.load(run.file("record")).frame().equals(made.record.frame())
    assert torch.equal(rows.x, data.test.x)
    assert np.array_equal(
        Committee.load(run.file("weights")).predict(rows), made.elected.committee.predict(data.test)
    )


def mixed(task):
    """Return a committee of members with inputs of their own, in folds: each prepared on its own rows."""
    data = prepared(task)
    known, folds = Preparations(data), range(3)
    ways = [SMALL, SMALL.changed(preprocess="uniformise", hidden_sizes=(5, 4), activation="tanh")]
    each = [
        tuple(result(known, 10 * n + fold, way.changed(num_folds=3, fold=fold)) for fold in folds)
        for n, way in enumerate(ways)
    ]
    finalists = [finalist(one, number=n) for n, one in enumerate(each)]
    return elect(finalists, known, lambda recipe: network_of(known.of(recipe), recipe)), finalists


@pytest.mark.parametrize("task", TASKS)
def test_a_run_with_several_preparations_predicts_the_same_before_and_after_saving(task, tmp_path):
    """To the bit; the preparations lie beside each other, one for each fold and way that votes."""
    elected, finalists = mixed(task)
    saved(tmp_path / "run", task, elected=elected, finalists=finalists)
    new = table(task, 40, seed=9).drop(task)
    before = Predictor(elected.committee, elected.preparations)
    run = practicum.load(tmp_path / "run")
    after = run.predict_proba(new) if task != "regression" else run.predict(new)
    outputs = before.outputs(read(new).frame)
    expected = before.decode(outputs) if task == "regression" else probabilities(outputs)

    names = {file.name for file in (tmp_path / "run").glob("preparation*.json")}
    assert len(names) == len(elected.preparations) > 2
    assert set(run.summary.files.values()) == {file.name for file in (tmp_path / "run").iterdir()}
    assert np.array_equal(after, expected)
    assert np.ptp(expected, axis=0).min() > 0


def test_the_summary_that_is_returned_is_the_one_on_disk(tmp_path):
    """With the seconds that had passed when it was written, those of the last phase too, and where the run lies."""
    *_, clock, summary = saved(tmp_path / "run")

    assert Summary.load(tmp_path / "run") == summary
    assert 0 < summary.seconds <= clock.seconds()
    assert summary.run == str(tmp_path / "run")
    assert summary.phase_seconds == {"testing": round(clock.phase_seconds["testing"], 3)}


def test_the_report_is_a_page_of_this_run(tmp_path):
    """It shows the target and names the folder."""
    saved(tmp_path / "run")
    page = (tmp_path / "run" / FILES["report"]).read_text(encoding="utf-8")

    assert page.startswith("<!doctype html>")
    assert str(tmp_path / "run") in page


def test_a_name_that_was_taken_meanwhile_is_not_overwritten(tmp_path, monkeypatch):
    """The run goes beside it, and the summary says where."""
    real = save_module.write_report

    def slow(*given):
        (tmp_path / "run").mkdir()
        real(*given)

    monkeypatch.setattr(save_module, "write_report", slow)
    *_, summary = saved(tmp_path / "run")

    assert summary.run == str(tmp_path / "run-2")
    assert list((tmp_path / "run").iterdir()) == []
    assert {file.name for file in (tmp_path / "run-2").iterdir()} == set(FILES.values())


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    """An error of the system while the report is written is a mistake of the place, said as one."""

    def full(*_given):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(save_module, "write_report", full)
    with pytest.raises(ConfigError, match=r"`out` must be a place that can be written to, .*No space left"):
        saved(tmp_path / "runs" / "new")

    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path, monkeypatch):
    """Ctrl-C while saving: no half run, no hidden folder."""

    def interrupted(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(save_module, "write_report", interrupted)
    with pytest.raises(KeyboardInterrupt):
        saved(tmp_path / "runs" / "new")

    assert list(tmp_path.iterdir()) == []
