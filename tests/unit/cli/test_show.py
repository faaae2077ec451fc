"""Facts about `practicum show`."""

import json

import pytest
from tests.made_searches import GRID, SIZES, made_search

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


@pytest.fixture
def searched(tmp_path):
    """The folder of a run that searched."""
    for name in NEEDED:
        (tmp_path / FILES[name]).write_text("content")
    made_search(60, batch_sizes=SIZES, grid=GRID).save(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--search"],
            ["All settings, the best first", "The best of N settings", "Batch sizes at equal time"],
        ),
        (["--pareto"], ["core time", "worth"]),
        (["--matters"], ["Does activation matter?"]),
        (["--matters", "learning_rate", "momentum"], ["Does learning_rate matter?", "Does momentum matter?"]),
        (["learning_rate", "--matters"], ["Does learning_rate matter? Yes."]),
    ],
)
def test_the_search_answers_questions(searched, words, said, capsys):
    """From the run's folder alone."""
    assert main(["show", str(searched), *words]) == 0

    out = capsys.readouterr().out
    assert all(part in out for part in said)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["--search"], {"settings", "conclusion"}),
        (["--pareto"], {"settings", "text"}),
    ],
)
def test_answers_are_json_too(searched, words, keys, capsys):
    """One object, without nan."""
    assert main(["show", str(searched), *words, "--json"]) == 0

    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found.keys() == keys
    assert found["settings"]


def test_what_matters_is_an_array_in_json(searched, capsys):
    """One object a setting."""
    assert main(["show", str(searched), "--matters", "activation", "momentum", "--json"]) == 0

    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert [one["name"] for one in found] == ["activation", "momentum"]
    assert {"verdict", "levels", "text"} <= found[0].keys()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--matters", "activaton"], 'Did you mean "activation"?'),
        (["--search", "--pareto"], "`show` must be asked one question at a time, but got --search --pareto."),
        (["activation"], "`NAME` must come with --matters, but got activation alone."),
    ],
)
def test_a_wrong_question_is_a_mistake(searched, words, message, capsys):
    """One line, exit code 2."""
    assert main(["show", str(searched), *words]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("word", ["--search", "--pareto", "--matters"])
def test_a_run_that_did_not_search_cannot_answer(run, word, capsys):
    """It is said why."""
    assert main(["show", str(run), word]) == 2
    assert "`run` must be one that searched, but" in capsys.readouterr().err
