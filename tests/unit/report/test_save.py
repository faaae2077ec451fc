"""Facts about putting a finished run into its folder."""

import errno
import os
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
import torch
from tests.made_outcomes import SMALL, TASKS, outcome, prepared

from practicum.core.errors import ConfigError
from practicum.core.record import Record
from practicum.core.summary import Rows, Split, Summary
from practicum.data.prepare import Preparation
from practicum.data.schema import Schema
from practicum.engine.clock import Clock
from practicum.recipe import Recipe
from practicum.report import save as save_module
from practicum.report.predicted import Predictions
from practicum.report.save import save_run
from practicum.runs.committee import Committee
from practicum.runs.layout import FILES
from practicum.runs.opening import open_run


def saved(path: Path, task: str = "binary", budget: float = 60.0):
    """Save a run at ``path``; return data, outcome, clock and the summary as saved."""
    data = prepared(task)
    made = outcome(data)
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
    return data, made, clock, save_run(summary, predictions, data, made, clock)


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

    assert Recipe.load(run.file("recipe")) == SMALL
    assert Schema.load(run.file("schema")) == data.schema
    assert Record.load(run.file("record")).frame().equals(made.record.frame())
    assert torch.equal(rows.x, data.test.x)
    assert np.array_equal(
        Committee.load(run.file("weights")).predict(rows), made.committee().predict(data.test)
    )


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
