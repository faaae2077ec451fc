"""Facts about `practicum fit` as a command; training itself is replaced."""

import json
import re
import time

import pytest
from tests.made_runs import make_run

from practicum import experiment
from practicum.__main__ import main
from practicum.cli.app import run
from practicum.core.summary import Search, Summary
from practicum.engine.clock import Progress
from practicum.faces.progress import LINE_SECONDS
from practicum.report import terminal


@pytest.fixture
def asked(monkeypatch, summary):
    """Replace training; the requests that reached it."""
    requests = []

    def fit(request, report):
        requests.append(request)
        report(Progress("read", 0.1))
        time.sleep(LINE_SECONDS)
        report(Progress("search", 0.5, "16 trials", 30.0))
        return summary

    monkeypatch.setattr(experiment, "fit", fit)
    monkeypatch.setattr(experiment, "plan", lambda request: f"would train {request.data}\n")
    monkeypatch.setattr(
        terminal, "print_summary", lambda summary, console: console.print(f"SUMMARY {summary.run}")
    )
    return requests


def test_every_option_reaches_the_request(asked, tmp_path):
    """What is typed is what is asked."""
    (tmp_path / "r.yaml").write_text("learning_rate: 0.5\n")
    options = {
        "--target": "y",
        "--test": "t.csv",
        "--task": "binary",
        "--budget": "2m",
        "--seeds": "3",
        "--seed": "7",
        "--out": str(tmp_path / "new"),
        "--recipe": str(tmp_path / "r.yaml"),
        "--group": "g",
        "--time": "d",
    }
    assert run(["fit", "x.csv", *(word for option in options.items() for word in option)], started=12.5) == 0

    (request,) = asked
    assert (request.data, request.target, request.test, request.task) == ("x.csv", "y", "t.csv", "binary")
    assert (request.budget_seconds, request.num_seeds, request.seed) == (120.0, 3, 7)
    assert (request.out, request.recipe.learning_rate) == (tmp_path / "new", 0.5)
    assert (request.group, request.time, request.started) == ("g", "d", 12.5)


def test_every_option_of_the_search_reaches_the_request(asked, tmp_path):
    """Number of settings instead of time, folds, space, strategy, measure, study, device and workers."""
    (tmp_path / "s.yaml").write_text("learning_rate: {log: [0.001, 1.0]}\n")
    options = {
        "--target": "y",
        "--trials": "8",
        "--folds": "3",
        "--space": str(tmp_path / "s.yaml"),
        "--sampler": "tpe",
        "--metric": "auc",
        "--storage": "study.log",
        "--device": "cpu",
        "--workers": "1",
        "--scientific": "learning_rate",
        "--batch-sizes": "16,64",
    }
    words = ["fit", "x.csv", *(word for option in options.items() for word in option), "--grid"]
    words += ["--no-diagnosis"]
    assert main(words) == 0

    (request,) = asked
    assert (request.num_trials, request.budget_seconds, request.num_folds) == (8, None, 3)
    assert request.space.names == ("learning_rate",)
    assert (request.sampler, request.metric, request.storage) == ("tpe", "auc", "study.log")
    assert (request.device, request.num_workers, request.resume) == ("cpu", 1, False)
    assert (request.scientific, request.batch_sizes, request.grid) == (("learning_rate",), (16, 64), True)
    assert not request.diagnosis


def test_a_preset_is_a_name(asked):
    """No file of that name is looked for."""
    assert main(["fit", "x.csv", "--target", "y", "--space", "small"]) == 0
    assert asked[0].space == "small"


def test_a_run_that_was_killed_is_named_to_go_on(asked, tmp_path):
    """By the folder it was to have."""
    assert main(["fit", "x.csv", "--target", "y", "--resume", str(tmp_path / "run")]) == 0

    (request,) = asked
    assert (request.out, request.resume) == (tmp_path / "run", True)


def test_a_run_is_repeated_without_a_clock(asked, tmp_path):
    """With what time decided in it."""
    folder = make_run(tmp_path / "run")
    search = Search(strategy="zoom", num_settings=1)
    decided = {"search": search, "decisions": {"phases": {"search": [0]}}}
    Summary.load(folder).model_copy(update=decided).save(folder)
    assert main(["fit", "x.csv", "--target", "y", "--replay", str(folder)]) == 0

    (request,) = asked
    assert (request.decisions, request.budget_seconds) == ({"phases": {"search": [0]}}, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sampler", "tpee"], '`sampler` must be one of .* Did you mean "tpe"'),
        (["--space", "smal"], '`space` must be .* Did you mean "small"'),
        (["--metric", "acu"], '`metric` must be one of .* Did you mean "auc"'),
        (["--trials", "0"], "`trials` must be a whole number >= 1, but got trials=0"),
        (["--replay", "absent"], "`run` must be the folder of a run"),
    ],
)
def test_an_option_that_cannot_work_is_one_line(asked, capsys, words, message):
    """Exit code 2 before anything is read; the nearest name is offered."""
    assert main(["fit", "x.csv", "--target", "y", *words]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert re.match(rf"error: {message}", said.err.splitlines()[-1])
    assert asked == []


def test_options_of_the_search_reach_the_request(asked):
    """Settings that are asked about, batch sizes, the small grid."""
    words = ["--scientific", "activation,dropout", "--batch-sizes", "64,16", "--grid"]
    assert main(["fit", "x.csv", "--target", "y", *words]) == 0

    (request,) = asked
    assert (request.scientific, request.batch_sizes, request.grid) == (
        ("activation", "dropout"),
        (16, 64),
        True,
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scientific", "activaton"], "`scientific` must name settings that the search varies"),
        (["--batch-sizes", "large"], "`batch_sizes` must be whole numbers"),
        (
            ["--scientific", "dropout", "--recipe", "r.yaml"],
            "`scientific` must be left out where `recipe` is given",
        ),
    ],
)
def test_wrong_options_of_the_search_stop_before_training(
    asked, words, message, tmp_path, monkeypatch, capsys
):
    """One line, exit code 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.yaml").write_text("learning_rate: 0.5\n")

    assert main(["fit", "x.csv", "--target", "y", *words]) == 2
    assert message in capsys.readouterr().err
    assert asked == []


def test_defaults_are_those_of_the_issue(asked):
    """A minute, five seeds, seed 0, the task from the target."""
    assert main(["fit", "x.csv", "--target", "y"]) == 0

    (request,) = asked
    assert (request.budget_seconds, request.num_seeds, request.seed, request.task) == (60.0, 5, 0, "auto")
    assert (request.test, request.out, request.recipe, request.schema) == (None,) * 4
    assert (request.num_trials, request.num_folds, request.space, request.decisions) == (None,) * 4
    assert (request.sampler, request.metric, request.device) == ("zoom", "error", "auto")
    assert request.diagnosis


def test_the_summary_goes_to_stdout_and_progress_to_stderr(asked, capsys):
    """A pipe gets the summary only; it ends with the paths of the report and the model."""
    main(["fit", "x.csv", "--target", "y"])

    said = capsys.readouterr()
    assert said.out == "SUMMARY runs/x\nReport: runs/x/report.html\nModel:  runs/x/model.safetensors\n"
    assert "search" in said.err


def test_json_is_one_object(asked, summary, capsys):
    """Nothing else is on stdout."""
    main(["fit", "x.csv", "--target", "y", "--json"])

    assert json.loads(capsys.readouterr().out) == json.loads(summary.to_json())


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_dry_run_trains_nothing(asked, capsys, words):
    """The plan is printed, as text or as JSON."""
    assert main(["fit", "x.csv", "--target", "y", "--dry-run", *words]) == 0

    out = capsys.readouterr().out
    assert (json.loads(out)["plan"] if words else out) == "would train x.csv\n"
    assert asked == []


def test_ctrl_c_in_training_is_a_success_with_a_word(asked, summary, monkeypatch, capsys):
    """The best so far was saved: exit code 0."""
    interrupted = summary.model_copy(update={"interrupted": True})
    monkeypatch.setattr(experiment, "fit", lambda *_: interrupted)

    assert main(["fit", "x.csv", "--target", "y"]) == 0
    assert capsys.readouterr().err.endswith("Interrupted: the best so far was saved.\n")


def test_ctrl_c_before_training_is_130(asked, monkeypatch, capsys):
    """There was nothing to save."""

    def fit(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(experiment, "fit", fit)

    assert main(["fit", "x.csv", "--target", "y"]) == 130
    assert capsys.readouterr().err.endswith("Interrupted; nothing was saved.\n")


def test_a_bad_setting_stops_before_training(asked, capsys):
    """One line, exit code 2."""
    assert main(["fit", "x.csv", "--target", "y", "--budget", "soon"]) == 2
    assert capsys.readouterr().err.startswith("error: `budget` must be a time")
    assert asked == []
