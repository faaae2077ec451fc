"""Facts about `practicum predict`."""

import polars as pl
import pytest
from tests.made_runs import TABLE, make_run

from practicum.__main__ import main
from practicum.faces.run import load


@pytest.fixture
def run(tmp_path):
    """A run."""
    return make_run(tmp_path / "run", "multiclass")


@pytest.fixture
def data(tmp_path):
    """Rows to predict, with a column that is not needed."""
    TABLE.select("job", "age", extra=pl.lit(1)).write_csv(tmp_path / "new.csv")
    return tmp_path / "new.csv"


def test_csv_goes_to_stdout(run, data, capsys):
    """One line a row in the order of the file; what was ignored is said on stderr."""
    assert main(["predict", str(run), str(data)]) == 0

    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0] == "prediction"
    assert [int(line) for line in lines[1:]] == load(run).predict(data).tolist()
    assert said.err.startswith("note: ")
    assert "extra" in said.err


def test_probabilities_are_added(run, data, capsys):
    """Full precision, one column a class."""
    assert main(["predict", str(run), str(data), "--proba"]) == 0

    frame = pl.read_csv(capsys.readouterr().out.encode())
    assert frame.columns == ["prediction", "probability_1", "probability_2", "probability_3"]
    assert frame.drop("prediction").to_numpy().tolist() == load(run).predict_proba(data).tolist()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_predictions_go_to_a_file(run, data, tmp_path, capsys, suffix):
    """Its suffix says the format; an older file is replaced, nothing else is left."""
    out = tmp_path / "out" / f"predictions{suffix}"
    out.parent.mkdir()
    out.write_text("old")

    assert main(["predict", str(run), str(data), "--out", str(out)]) == 0

    frame = pl.read_csv(out) if suffix == ".csv" else pl.read_parquet(out)
    assert frame["prediction"].to_list() == load(run).predict(data).tolist()
    assert capsys.readouterr().out == ""
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("p.xlsx", "`out` must end in .csv or .parquet, but got out="),
        ("nowhere/p.csv", "`out` must lie in a folder that exists"),
        ("folder.csv", "`out` must be a file, but got"),
        ("new.csv", "`out` must not be the table itself"),
        ("x" * 300 + ".csv", "`out` must be a place that can be written to"),
    ],
)
def test_a_bad_out_is_told(run, data, tmp_path, capsys, out, message):
    """Exit code 2, one line, nothing left."""
    (tmp_path / "folder.csv").mkdir()
    before = sorted(tmp_path.iterdir())

    assert main(["predict", str(run), str(data), "--out", str(tmp_path / out)]) == 2

    errors = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("note: ")]
    assert len(errors) == 1
    assert errors[0].startswith(f"error: {message}")
    assert sorted(tmp_path.iterdir()) == before


def test_a_full_disk_is_told(run, data, tmp_path, capsys, monkeypatch):
    """polars' own error becomes ours."""

    def full(*_args, **_kwargs):
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)

    assert main(["predict", str(run), str(data), "--out", str(tmp_path / "p.csv")]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert not (tmp_path / "p.csv").exists()


def test_a_bug_is_not_hidden(run, data, tmp_path, monkeypatch):
    """Only what the system refuses is a message."""

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(pl.DataFrame, "write_csv", broken)

    with pytest.raises(ZeroDivisionError):
        main(["predict", str(run), str(data), "--out", str(tmp_path / "p.csv")])
