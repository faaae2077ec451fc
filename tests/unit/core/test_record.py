"""Facts about the record of a run."""

import numpy as np
import polars as pl
import pytest

from practicum.core.errors import RecordError
from practicum.core.events import Ended, Measured, Validated
from practicum.core.record import SCHEMA, Record


def validated(step, trials=(0, 1), alive=None, loss=0.5):
    """Return a validation of ``trials`` after ``step`` updates of 32 examples."""
    count = len(trials)
    return Validated(
        step=step,
        age=step * 32,
        trials=tuple(trials),
        alive=np.ones(count, dtype=bool) if alive is None else np.array(alive),
        learning_rate=np.full(count, 0.1),
        train_loss=np.full(count, loss),
        valid_loss=np.full(count, loss + 0.1),
        valid_error=np.linspace(0.1, 0.2, count),
        improved=np.ones(count, dtype=bool),
    )


@pytest.fixture
def record():
    """A record of two trials and two validations."""
    record = Record()
    record.fold([validated(50), validated(25), Ended(50, 1, "patience")])
    return record


def test_an_empty_record_has_all_columns():
    """A chart of nothing is empty, but it is a chart."""
    frame = Record().frame()

    assert frame.is_empty()
    assert frame.schema == pl.Schema(SCHEMA)


def test_rows_are_sorted_by_trial_and_step(record):
    """However the events came, a trial's curve reads from left to right."""
    frame = record.frame()

    assert frame.select("trial", "step").rows() == [(0, 25), (0, 50), (1, 25), (1, 50)]
    assert frame.schema == pl.Schema(SCHEMA)


def test_values_come_through_unchanged(record):
    """Each column holds what its trial's event said; age is in examples [4.2-02]."""
    row = record.frame().row(3, named=True)

    assert row == {
        "trial": 1,
        "step": 50,
        "age": 1600,
        "learning_rate": 0.1,
        "train_loss": 0.5,
        "valid_loss": 0.6,
        "valid_error": 0.2,
        "improved": True,
    }


def test_trials_that_only_wait_leave_no_rows():
    """A trial that has ended is still evaluated with its pack; its curve ends where it ended."""
    record = Record()
    record.fold([validated(25), validated(50, alive=[True, False])])

    assert record.frame().select("trial", "step").rows() == [(0, 25), (0, 50), (1, 25)]


def test_ends_are_kept_by_trial(record):
    """Step and reason of every end can be looked up."""
    assert record.ends == {1: (50, "patience")}


def test_folding_goes_on_after_reading(record):
    """Looking at the frame in between changes nothing."""
    record.frame()
    record.fold([validated(75, trials=(7,))])

    assert record.frame().height == 5


def test_nan_is_kept():
    """Before the first update there is no training loss; the row says so."""
    record = Record()
    record.fold([validated(0, trials=(0,), loss=float("nan"))])

    assert record.frame()["train_loss"].is_nan().all()


def test_a_saved_record_comes_back_as_it_was(record, tmp_path):
    """Every row and type survives the file."""
    record.save(tmp_path / "record.parquet")

    loaded = Record.load(tmp_path / "record.parquet")

    assert loaded.frame().equals(record.frame())


def test_an_absent_file_is_no_record(tmp_path):
    """The message names the file."""
    with pytest.raises(
        RecordError, match=r"`record` must be a readable Parquet file, but .*nothing\.parquet"
    ):
        Record.load(tmp_path / "nothing.parquet")


def test_a_damaged_file_is_no_record(record, tmp_path):
    """A file cut in half is recognised."""
    path = tmp_path / "record.parquet"
    record.save(path)
    path.write_bytes(path.read_bytes()[:200])

    with pytest.raises(RecordError, match="must be a readable Parquet file"):
        Record.load(path)


def test_another_table_is_no_record(tmp_path):
    """The message says which columns are expected and which are there."""
    path = tmp_path / "other.parquet"
    pl.DataFrame({"a": [1], "b": [2]}).write_parquet(path)

    with pytest.raises(RecordError, match=r"must have the columns trial, step, .* has a, b\."):
        Record.load(path)


def test_what_was_left_out_is_forgotten(record):
    """Of trials from a number on, rows and ends; others get their numbers. What still waits is dropped as well."""
    record.fold([validated(75), Ended(50, 0, "patience")])
    record.forget(1)
    record.fold([validated(25, trials=(1,))])

    assert record.frame().select("trial", "step").rows() == [(0, 25), (0, 50), (0, 75), (1, 25)]
    assert list(record.ends) == [0]


def measured(step, trials=(0, 1)):
    """Return what is measured of two layers of some trials."""
    numbers = np.arange(len(trials) * 2, dtype=float).reshape(-1, 2)
    return Measured(step, 16 * step, trials, np.ones(len(trials), bool), *[numbers] * 5)


def test_layers_have_their_rows(record):
    """One a trial, look and layer, beside the record's own."""
    record.fold([measured(25), measured(50, trials=(1,))])
    table = record.statistics()

    assert table.select("trial", "step", "age", "layer").rows() == [
        (0, 25, 400, 0),
        (0, 25, 400, 1),
        (1, 25, 400, 0),
        (1, 25, 400, 1),
        (1, 50, 800, 0),
        (1, 50, 800, 1),
    ]
    assert table["update_ratio"].to_list() == [0, 1, 2, 3, 0, 1]


def test_layers_of_trials_left_out_are_forgotten(record):
    """Like their other rows."""
    record.fold([measured(25)])
    record.forget(1)

    assert record.statistics()["trial"].to_list() == [0, 0]
