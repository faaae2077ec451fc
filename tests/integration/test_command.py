"""The whole way on small tables: fit, show, predict, again; Ctrl-C; odd but usable input."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import practicum
from practicum.__main__ import main
from practicum.runs.layout import FILES
from practicum.runs.weights import load_members

NUM_ROWS = 240
# SIGINT may be ignored by whoever started the tests, and a child inherits that.
COMMAND = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from practicum.__main__ import main; sys.exit(main())"
)
# Says so when PyTorch begins to be imported, which is before any work.
TELLING = """
import sys
class Told:
    def find_spec(self, name, *_):
        if name == "torch":
            sys.meta_path.remove(self)
            print("importing", file=sys.stderr, flush=True)
sys.meta_path.insert(0, Told())
"""


def frame(num_rows: int = NUM_ROWS) -> pl.DataFrame:
    """Return a table with a number, a category, a date, something to learn and something missing."""
    random = np.random.default_rng(0)
    age, job = random.normal(40, 10, num_rows), random.choice(["clerk", "smith", "baker"], num_rows)
    score = (age - 40) / 10 + (job == "smith") + 0.3 * random.normal(size=num_rows)
    return pl.DataFrame(
        {
            "age": pl.Series(age).set(pl.Series(np.arange(num_rows) % 20 == 3), None),
            "job": job,
            "day": pl.Series(np.arange(num_rows)).cast(pl.Int32).cast(pl.Date).cast(pl.String),
            "shop": [f"s{k % 12}" for k in range(num_rows)],
            "pays": np.where(score > 0.3, "yes", "no"),
            "grade": np.array(["low", "mid", "high"])[np.digitize(score, [-0.5, 0.8])],
            "score": score,
        }
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The table as CSV."""
    frame().write_csv(tmp_path / "data.csv")
    return tmp_path / "data.csv"


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """A recipe that trains in a blink."""
    (tmp_path / "quick.yaml").write_text("hidden_sizes: [8]\nlearning_rate: 0.1\nnum_steps: 100\n")
    return tmp_path / "quick.yaml"


@pytest.fixture
def tiny_space(tmp_path: Path) -> Path:
    """A space of two choices, each trained for a moment."""
    (tmp_path / "tiny.yaml").write_text(
        "learning_rate: {log: [0.01, 0.5]}\nactivation: {choice: [tanh, relu]}\n"
        "hidden_sizes: [8]\nnum_steps: 200\n"
    )
    return tmp_path / "tiny.yaml"


def said_json(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, Any]:
    """Run a command that must succeed; return its one JSON object."""
    capsys.readouterr()
    assert main([str(word) for word in words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("target", ["pays", "grade", "score"])
def test_a_table_becomes_a_network(
    target: str, tiny_space: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each task: searched, trained, tested, saved, shown; better than the constant."""
    others = {"pays", "grade", "score"} - {target}
    frame().drop(others).write_csv(tmp_path / "table.csv")
    words = ["fit", tmp_path / "table.csv", "--target", target, "--trials", "4", "--seeds", "2", "--json"]
    words += ["--space", tiny_space, "--out", tmp_path / "run"]
    found = said_json(capsys, *words)

    assert found["task"] == {"pays": "binary", "grade": "multiclass", "score": "regression"}[target]
    assert found["rows"]["total"] == NUM_ROWS
    assert [baseline["name"] for baseline in found["baselines"]] == ["constant", "linear"]
    assert found["recipe"]["learning_rate"] == found["learning_rate"]["best"]
    assert found["search"]["num_settings"] == 4
    assert len(found["search"]["finalists"]) == 3
    assert {"wide", "seeds"} <= {trial["phase"] for trial in found["trials"]}
    assert {tuple(trial["values"]) for trial in found["trials"]} == {("learning_rate", "activation")}
    assert 0 <= found["valid"]["error"] < 1
    low, high = found["test"]["interval"]
    assert low <= found["test"]["error"] == found["test"]["committee"] <= high
    assert found["test"]["error"] < found["baselines"][0]["test"]["error"]
    assert set(FILES.values()) <= {file.name for file in (tmp_path / "run").iterdir()}
    assert said_json(capsys, "show", found["run"], "--json") == found


@pytest.mark.alone
def test_a_time_is_kept(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole procedure in a few seconds: searched, finals, saved; how well it is kept is measured elsewhere."""
    words = ["fit", data, "--target", "grade", "--budget", "5s", "--seeds", "2", "--json"]
    found = said_json(capsys, *words, "--out", tmp_path / "run")

    assert found["budget_seconds"] == 5.0
    assert found["seconds"] < 15  # on a machine that does other things as well
    assert found["search"]["num_settings"] >= 1
    assert "--replay" in found["command"]


def test_predictions_are_the_same_everywhere(
    data: Path, recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In Python, from the command, in a new process, with columns shuffled: the same bits."""
    run = practicum.fit(data, target="score", recipe=recipe, seeds=2, out=tmp_path / "run")
    new = frame().drop("score")
    new.select(reversed(new.columns)).write_csv(tmp_path / "new.csv")
    expected = run.predict(new).tolist()

    capsys.readouterr()
    assert main(["predict", str(run.path), str(tmp_path / "new.csv")]) == 0
    here = capsys.readouterr().out
    command = [sys.executable, "-m", "practicum", "predict", str(run.path), str(tmp_path / "new.csv")]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert [float(line) for line in here.split()[1:]] == expected
    assert there == here


def test_the_same_recipe_trains_the_same_bits(data: Path, recipe: Path, tmp_path: Path) -> None:
    """Once in this process, once in another, the second time with the first run's own files."""
    first = practicum.fit(data, target="pays", recipe=recipe, seeds=2, out=tmp_path / "first")
    words = ["--recipe", first.path / "recipe.yaml", "--schema", first.path / "schema.yaml", "--seeds", "2"]
    command = [sys.executable, "-m", "practicum", "fit", data, "--target", "pays", *words]
    subprocess.run([*map(str, command), "--out", str(tmp_path / "second")], check=True, capture_output=True)

    members, again = (load_members(tmp_path / name / "model.safetensors")[0] for name in ("first", "second"))
    assert 1 <= len(members) == len(again) <= 2
    for one, other in zip(members, again, strict=True):
        assert all(one[name].equal(other[name]) for name in one)


def test_the_summary_ends_with_the_paths(
    data: Path,
    recipe: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without --out a run gets a name of its own under runs/."""
    monkeypatch.chdir(tmp_path)
    assert main(["fit", str(data), "--target", "pays", "--recipe", str(recipe), "--seeds", "1"]) == 0

    report, model = (line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()[-2:])
    assert report[0] == "Report:"
    assert Path(report[1]).is_file()
    assert Path(report[1]).parent.name.startswith("data-")
    assert model[0] == "Model:"
    assert Path(model[1]).is_file()


def test_a_dry_run_leaves_nothing(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It reads the table and says what it would do."""
    assert main(["fit", str(data), "--target", "pays", "--dry-run", "--out", str(tmp_path / "new")]) == 0

    assert "binary" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [data]


@pytest.mark.parametrize(
    ("options", "split"),
    [(["--group", "shop"], "group"), (["--time", "day"], "time"), (["--test", "test.csv"], "given")],
)
def test_rows_are_split_as_asked(
    options: list[str],
    split: str,
    data: Path,
    recipe: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By group, by time, or with a table to test on."""
    monkeypatch.chdir(tmp_path)
    frame().tail(60).write_csv("test.csv")
    words = [
        "fit",
        data,
        "--target",
        "pays",
        "--recipe",
        recipe,
        "--seeds",
        "1",
        "--out",
        "run",
        "--json",
        *options,
    ]
    found = said_json(capsys, *words)

    if split == "given":
        assert found["rows"]["test"] == 60
        assert found["test_source"] == "test.csv"
    else:
        assert found["split"]["method"] == split


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.split("\n", 11)[:11], id="10 rows"),
        pytest.param(
            lambda text: [*text.split("\n"), "odd,clerk,1970-01-01,s1,yes,low,0.1"], id="a word among numbers"
        ),
    ],
)
def test_odd_but_usable_tables_train(
    change: Any, data: Path, recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The issue's odd tables that are no mistakes end with a test error."""
    data.write_text("\n".join(change(data.read_text().rstrip("\n"))) + "\n")
    words = [
        "fit",
        data,
        "--target",
        "pays",
        "--recipe",
        recipe,
        "--seeds",
        "1",
        "--out",
        tmp_path / "run",
        "--json",
    ]

    assert said_json(capsys, *words)["test"]["error"] is not None


def start(*words: str | Path, before: str = "") -> subprocess.Popen[str]:
    """Start a command in a process that listens to SIGINT."""
    command = [sys.executable, "-c", before + COMMAND, *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.alone
def test_ctrl_c_keeps_the_best_so_far(data: Path, tmp_path: Path) -> None:
    """Interrupted in the search, the command still saves, reports and ends well."""
    words = [
        "fit",
        data,
        "--target",
        "score",
        "--budget",
        "60s",
        "--seeds",
        "2",
        "--out",
        tmp_path / "run",
        "--json",
    ]
    with start(*words) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith("search"):
            assert process.poll() is None
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert process.returncode == 0, err
    assert err.endswith("Interrupted: the best so far was saved.\n")
    found = json.loads(out)
    assert found["interrupted"] is True
    assert found["seconds"] < 30
    assert len(practicum.load(tmp_path / "run").predict(frame())) == NUM_ROWS


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_ctrl_c_before_training_leaves_nothing(seconds: float, tmp_path: Path) -> None:
    """Whether it comes in the imports or while a large table is read: exit code 130, one line, no folder."""
    frame(200_000).write_csv(tmp_path / "large.csv")
    words = ["fit", tmp_path / "large.csv", "--target", "score", "--out", tmp_path / "runs" / "new"]
    with start(*words, before=TELLING) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "importing\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert err.endswith("Interrupted; nothing was saved.\n")
    assert [file.name for file in tmp_path.iterdir()] == ["large.csv"]
