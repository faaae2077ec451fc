"""Facts about `practicum show`."""

import json

import pytest

from practicum.__main__ import main
from practicum.report import terminal
from practicum.runs.layout import FILES, NEEDED


@pytest.fixture
def run(tmp_path, summary, monkeypatch):
    """A run folder, and a summary printer that says which summary it got."""
    for name in NEEDED:
        (tmp_path / FILES[name]).write_text("content")
    summary.save(tmp_path)
    monkeypatch.setattr(
        terminal, "print_summary", lambda summary, console: console.print(f"SUMMARY {summary.target}")
    )
    return tmp_path


def test_the_summary_is_printed_again(run, capsys):
    """As after training."""
    assert main(["show", str(run)]) == 0
    assert capsys.readouterr().out == "SUMMARY y\n"


def test_json_is_the_saved_object(run, capsys):
    """With the folder where the run lies now."""
    assert main(["show", str(run), "--json"]) == 0

    saved = json.loads((run / "run.json").read_text())
    assert json.loads(capsys.readouterr().out) == {**saved, "run": str(run)}


def test_no_run_is_a_mistake(tmp_path, capsys):
    """One line, exit code 2."""
    assert main(["show", str(tmp_path / "nothing")]) == 2
    assert capsys.readouterr().err.startswith("error: `run` must be the folder of a run")
