"""Facts about diagnosing a run: it needs its table, looks at no test row, and keeps what it found when interrupted."""

import json

import polars as pl
import pytest
from tests.made_fits import fit_small

from practicum.core.errors import DataError
from practicum.data.dataset import Dataset
from practicum.faces import diagnosis
from practicum.faces.run import load


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return fit_small(tmp_path_factory.mktemp("diagnosed"))


@pytest.fixture(scope="module")
def found(run):
    return run.diagnose(budget="5s", workers=1)


def test_a_run_is_diagnosed_with_all_parts(found):
    """Verdict, layers, changes from the weights and anew, what capacity does."""
    assert found.fitting.verdict in ("underfits", "overfits", "balanced", "unclear")
    assert [one.num_units for one in found.layers.layers] == [6]
    assert {one.anew for one in found.tried} == {True, False}
    assert "[4.1-08]" in found.capacity
    assert not found.interrupted


def test_the_verdict_is_by_validation_rows(found):
    """Whoever follows the advice can still be tested."""
    assert "test error" not in found.fitting.text
    assert "validation error" in found.fitting.text


def test_confirmed_changes_come_first(found):
    """Then the others."""
    confirmed = [one.confirmed for one in found.tried]

    assert confirmed == sorted(confirmed, reverse=True)


def test_the_test_rows_are_not_looked_at(run, monkeypatch):
    """Had they other values, nothing would change: they may as well be missing."""
    seen = []
    real = diagnosis.prepare

    def prepare(*given, **options):
        found = real(*given, **options)
        rows = Dataset(found.test.x * float("nan"), found.test.codes, found.test.target * float("nan"))
        seen.append(len(rows))
        return type(found)(**{**{k: getattr(found, k) for k in found.__slots__}, "test": rows})

    first = run.diagnose(budget="5s", workers=1)
    monkeypatch.setattr(diagnosis, "prepare", prepare)
    second = run.diagnose(budget="5s", workers=1)

    assert seen[0] > 0
    assert (first.layers, first.fitting) == (second.layers, second.fitting)
    assert [one.name for one in first.tried if one.anew] == [one.name for one in second.tried if one.anew]


def test_a_table_that_is_gone_is_one_clear_message(run, tmp_path):
    """It names the way out; the table may be given."""
    path = run.path.parent / "table.csv"
    moved = path.rename(tmp_path / "moved.csv")
    try:
        with pytest.raises(
            DataError, match=r"must be there, but .*table.csv is not. Name it by `--data FILE`"
        ):
            run.diagnose()
        assert run.diagnose(str(moved), budget="1s", workers=1).tried
    finally:
        moved.rename(path)


def test_another_table_is_refused(run, tmp_path):
    """By its rows."""
    pl.read_csv(run.path.parent / "table.csv").head(120).write_csv(tmp_path / "other.csv")

    with pytest.raises(DataError, match="must be the table that the run learned from"):
        run.diagnose(str(tmp_path / "other.csv"))


def test_an_interrupt_keeps_what_was_found(run, monkeypatch):
    """The verdict and the layers come first."""

    class Asked:
        asked = True

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

    monkeypatch.setattr(diagnosis, "Interrupts", Asked)
    found = run.diagnose(budget="5s")

    assert found.interrupted
    assert found.layers is not None
    assert found.tried == ()


def test_a_run_in_folds_begins_all_changes_anew(tmp_path):
    """Its members have each seen other rows."""
    found = fit_small(tmp_path, folds=3).diagnose(budget="5s", workers=1)

    assert all(one.anew for one in found.tried)
    assert any("folds" in note for note in found.notes)


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_other_tasks_are_diagnosed_too(tmp_path, task):
    """With JSON that is whole."""
    found = fit_small(tmp_path, task).diagnose(budget="3s", workers=1, verbose=True)

    assert json.loads(json.dumps(found.as_mapping()))["tried"]


def test_a_run_tested_on_a_file_of_its_own_is_split_as_it_was(tmp_path):
    """The test file need not be there."""
    given = fit_small(tmp_path)
    path = tmp_path / "more"
    path.mkdir()
    pl.read_csv(tmp_path / "table.csv").head(40).write_csv(path / "test.csv")
    run = fit_small(path, test=str(path / "test.csv"))
    (path / "test.csv").unlink()

    assert load(run.path).diagnose(budget="1s", workers=1).layers is not None
    assert given.summary.rows.test > 0
