"""Whatever is wrong, the command says one line, ends with 2 and leaves nothing behind: the issue's list as a table."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from tests.made_runs import TABLE, make_run

from practicum.__main__ import main
from practicum.cli.app import run


def table(num_rows: int = 40, **columns: list[str]) -> str:
    """Return a healthy CSV; a column given replaces or joins those of it."""
    whole = {
        "x": [str(k % 7) for k in range(num_rows)],
        "z": [str(0.5 * k) for k in range(num_rows)],
        "y": [("no", "yes")[k % 3 == 0] for k in range(num_rows)],
        **columns,
    }
    lines = [",".join(whole), *(",".join(row) for row in zip(*whole.values(), strict=True))]
    return "\n".join(lines) + "\n"


def first(value: str, num_rows: int = 40) -> list[str]:
    """Return a column of numbers with ``value`` in its first row."""
    return [value, *map(str, range(1, num_rows))]


def png() -> bytes:
    """Return bytes that are no text."""
    return b"\x89PNG\r\n\x1a\n" + np.random.default_rng(0).bytes(2000)


def npz_of_objects() -> bytes:
    """Return a NumPy file that only unpickling could read."""
    file = io.BytesIO()
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return file.getvalue()


@dataclass(frozen=True)
class Data:
    """A table that cannot be used: its content, what the message holds, its name, the target."""

    content: str | bytes
    message: str
    name: str = "data.csv"
    target: str = "y"


DATA = {
    "empty file": Data("", "(an empty file)"),
    "only spaces": Data("  \n \n", "`source` must"),
    "not text": Data(png(), "`source` must"),
    "binary beside text": Data(table() + "\0\0\0", "`source` must"),
    "Latin-1": Data(table().replace("no", "nö").encode("latin-1"), "`source` must be UTF-8 text"),
    "UTF-16": Data(table().encode("utf-16"), "`source` must be UTF-8 text"),
    "cut gzip": Data(b"\x1f\x8b\x08\x00\x00", "`source` must", name="data.csv.gz"),
    "not parquet": Data("PAR1 but no more", "`source` must", name="data.parquet"),
    "pickled objects": Data(npz_of_objects(), "`source` must", name="data.npy"),
    "unknown suffix": Data(table(), "`source` must be a file of a supported kind", name="data.xlsx"),
    "wrong delimiter": Data(table().replace(",", "^"), "Columns must be separated by one of , ; tab |"),
    "ragged rows": Data(table() + "1,2,3,4,5\n", "row"),
    "short rows": Data(table() + "1\n" * 5, "row"),
    "no header": Data(
        table().split("\n", 1)[1].replace("yes", "1").replace("no", "0"), "Row 1 must hold the column names"
    ),
    "duplicate names": Data("x,x,y\n" + table().split("\n", 1)[1], '"x"'),
    "target absent": Data(table(), 'Did you mean "y"?', target="Y"),
    "target all missing": Data(table(y=["?", "NA"] * 20), "all 40 rows are missing"),
    "target constant": Data(table(y=["2.5"] * 40), "`y` must have at least two different values"),
    "one class": Data(table(y=["yes"] * 40), "`y` must have at least two different values"),
    "a class with one row": Data(table(y=["maybe", *["yes", "no", "no"] * 13]), '"maybe"'),
    "0 rows": Data("x,z,y\n", "row"),
    "1 row": Data(table(1), "at least 10 rows"),
    "9 rows": Data(table(9), "at least 10 rows"),
    "all columns constant": Data(table(x=["1"] * 40, z=["a"] * 40), "constant"),
    "no column but the target": Data("y\n" + "a\nb\n" * 20, "column"),
    "infinity": Data(table(z=first("inf")), "`z` must be finite"),
    "minus infinity": Data(table(z=first("-Infinity")), "`z` must be finite"),
    "1e30": Data(table(z=first("1e30")), "`z` must lie within"),
    "infinity in the target": Data(table(y=first("inf")), "`y` must"),
    "task that does not fit": Data(table(), "`y` must", target="y"),
}
OPTIONS = {"task that does not fit": ["--task", "regression"]}

RECIPES = {
    "unknown key": ("learning_rat: 0.1\n", 'Did you mean "learning_rate"'),
    "wrong type": ("batch_size: many\n", "`batch_size` must"),
    "out of range": ("learning_rate: -1\n", "`learning_rate` must"),
    "not YAML": ("a: [1,\n", "`recipe` must be YAML"),
    "no mapping": ("- 1\n- 2\n", "`recipe` must be a mapping"),
    "no text": (b"\xff\xfe\x00\x01", "`recipe` must be a text file"),
    "an object": ("!!python/object/apply:os.getcwd []\n", "`recipe` must be YAML"),
    "another format": ("format: 99\n", "`format` must be"),
    "a key given twice": ("seed: 1\nseed: 2\n", "twice"),
    "absent": (None, "does not exist"),
}

SCHEMAS = {
    "unknown key": ("task: binary\ntarget: y\ncolumns: []\ncolour: red\n", "colour"),
    "unknown kind": (
        "task: binary\ntarget: y\ncolumns:\n- {name: x, kind: numerical}\n",
        'Did you mean "numeric"',
    ),
    "not YAML": ("a: [1,\n", "`schema` must be YAML"),
    "absent": (None, "`schema` must be a readable file"),
}


def error_of(words: list[str | Path], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that must fail; return its one message."""
    assert main([str(word) for word in words]) == 2

    said = capsys.readouterr()
    errors = [line for line in said.err.splitlines() if line.startswith("error: ")]
    assert said.out == ""
    assert "Traceback" not in said.err
    assert len(errors) == 1
    assert said.err.endswith(errors[0] + "\n")
    assert errors[0].endswith((".", "?")), errors[0]
    return errors[0]


def write(path: Path, content: str | bytes | None) -> Path:
    """Write a file, or none."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def files(folder: Path) -> list[Path]:
    """Return all that lies below ``folder``."""
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize("case", DATA)
def test_a_bad_table_is_told(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says what is wrong, and no folder was made."""
    bad = DATA[case]
    data = write(tmp_path / bad.name, bad.content)

    words = ["fit", data, "--target", bad.target, "--out", tmp_path / "runs" / "new", *OPTIONS.get(case, [])]
    assert bad.message in error_of(words, capsys)

    assert files(tmp_path) == [data]


def test_an_absent_table_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest name of the folder."""
    write(tmp_path / "adult.csv", table())

    assert 'Did you mean "adult.csv"?' in error_of(["fit", tmp_path / "adlut.csv", "--target", "y"], capsys)


def test_a_folder_is_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said that it is a folder."""
    assert "(a folder)" in error_of(["fit", tmp_path, "--target", "y"], capsys)


def test_a_test_table_without_target_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table to test on is looked at before training."""
    data, test = write(tmp_path / "a.csv", table()), write(tmp_path / "b.csv", "x,z\n1,2\n")

    assert "y" in error_of(["fit", data, "--target", "y", "--test", test, "--out", tmp_path / "new"], capsys)

    assert files(tmp_path) == [data, test]


@pytest.mark.parametrize("case", RECIPES)
def test_a_bad_recipe_is_told(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nearest keys are offered; nothing is trained or written."""
    content, message = RECIPES[case]
    data, recipe = write(tmp_path / "a.csv", table()), write(tmp_path / "r.yaml", content)
    before = files(tmp_path)

    words = ["fit", data, "--target", "y", "--recipe", recipe, "--out", tmp_path / "new"]
    assert message in error_of(words, capsys)

    assert files(tmp_path) == before


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_bad_schema_is_told(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a recipe."""
    content, message = SCHEMAS[case]
    data, schema = write(tmp_path / "a.csv", table()), write(tmp_path / "s.yaml", content)
    before = files(tmp_path)

    words = ["fit", data, "--target", "y", "--schema", schema, "--out", tmp_path / "new"]
    assert message in error_of(words, capsys)

    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--budget", "0"], "`budget` must be a time"),
        (["--budget", "soon"], "`budget` must be a time"),
        (["--seeds", "0"], "`seeds` must be a whole number >= 1"),
        (["--task", "clustering"], "`task` must be one of"),
        (["--group", "grup"], "grup"),
        (["--seeds", "two"], "--seeds"),
        (["--tagret", "y"], "--tagret"),
    ],
)
def test_a_bad_option_is_told(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is trained."""
    data = write(tmp_path / "a.csv", table())

    assert message in error_of(["fit", data, "--target", "y", "--out", tmp_path / "new", *options], capsys)

    assert files(tmp_path) == [data]


def out_exists(folder: Path) -> Path:
    """A folder that is there."""
    (folder / "old").mkdir()
    return folder / "old"


def out_below_a_file(folder: Path) -> Path:
    """A parent that is a file."""
    return folder / "a.csv" / "deep" / "new"


def out_with_a_long_name(folder: Path) -> Path:
    """A name that no file system takes."""
    return folder / ("x" * 300)


def out_without_permission(folder: Path) -> Path:
    """A parent that may not be written to."""
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (folder / "closed").mkdir(mode=0o500)
    return folder / "closed" / "new"


@pytest.mark.parametrize(
    "place", [out_exists, out_below_a_file, out_with_a_long_name, out_without_permission]
)
def test_a_bad_out_is_told(
    place: Callable[[Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is trained; what was there stays."""
    data = write(tmp_path / "a.csv", table())
    out = place(tmp_path)
    before = files(tmp_path)

    assert "`out` must" in error_of(["fit", data, "--target", "y", "--out", out], capsys)

    assert files(tmp_path) == before


def test_a_full_disk_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The probe before training meets it."""
    data = write(tmp_path / "a.csv", table())

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    words = ["fit", data, "--target", "y", "--out", tmp_path / "runs" / "new"]

    assert "No space left on device" in error_of(words, capsys)

    assert files(tmp_path) == [data]


@pytest.mark.parametrize("command", ["show", "predict"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("absent", "it does not exist"),
        ("a file", "it is a file"),
        ("no run", "run.json"),
        ("run.json cut", "damaged"),
        ("run.json of another version", "format=99"),
        ("model.safetensors empty", "model.safetensors is empty"),
        ("model.safetensors gone", "model.safetensors is missing"),
    ],
)
def test_a_bad_run_is_told(
    command: str, damage: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For people who show a run and for those who predict with it."""
    run = make_run(tmp_path / "run")
    data = write(tmp_path / "new.csv", TABLE.write_csv())
    if damage == "absent":
        run = tmp_path / "rnu"
    elif damage == "a file":
        run = data
    elif damage == "no run":
        run = tmp_path
    elif damage == "run.json cut":
        (run / "run.json").write_text('{"format": 1, ')
    elif damage == "run.json of another version":
        (run / "run.json").write_text('{"format": 99, "practicum": "9.9"}')
    elif damage == "model.safetensors empty":
        (run / "model.safetensors").write_bytes(b"")
    else:
        (run / "model.safetensors").unlink()
    words: list[str | Path] = [command, run] if command == "show" else [command, run, data]

    assert message in error_of(words, capsys)


@pytest.mark.parametrize("name", ["model.safetensors", "preparation.json", "preparation.safetensors"])
def test_changed_numbers_are_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A flipped bit must not become a wrong prediction."""
    file = make_run(tmp_path / "run", categories="embedding") / name
    content = bytearray(file.read_bytes())
    content[-2] ^= 4
    file.write_bytes(content)
    data = write(tmp_path / "new.csv", TABLE.write_csv())

    assert name in error_of(["predict", tmp_path / "run", data], capsys)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("age\n1\n", "1 of 2 are missing: job"),
        ("age,job\n", "row"),
        ("age,job\ninf,smith\n", "`age` must be finite"),
        ("", "an empty file"),
        (None, "no such file"),
    ],
)
def test_bad_rows_to_predict_are_told(
    content: str | None, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file of predictions is written."""
    run, data = make_run(tmp_path / "run"), write(tmp_path / "new.csv", content)
    before = files(tmp_path)

    assert message in error_of(["predict", run, data, "--out", tmp_path / "p.csv"], capsys)

    assert files(tmp_path) == before


RATE = "learning_rate: {log: [1.0e-3, 1.0]}\n"
SPACES = {
    "low above high": ("learning_rate: {log: [1.0, 0.1]}\n", "`low` must be < high"),
    "log of zero": ("learning_rate: {log: [0.0, 0.1]}\n", "`low` must be > 0 on a log scale"),
    "log of less": ("learning_rate: {log: [-1, 0.1]}\n", "`low` must be > 0 on a log scale"),
    "unknown name": ("learning_rat: {log: [0.001, 0.1]}\n", 'Did you mean "learning_rate"?'),
    "unknown scale": ("learning_rate: {lgo: [0.001, 0.1]}\n", 'Did you mean "log"?'),
    "unknown option": ("activation: {choice: [tanh, sigmoidd]}\n", 'Did you mean "sigmoid"?'),
    "unknown parent": (
        RATE + "momentum: {linear: [0, 0.9], when: {nestrov: [true]}}\n",
        'Did you mean "nesterov"?',
    ),
    "conditions in a circle": (
        "activation: {choice: [tanh, relu], when: {tails: [log]}}\n"
        "tails: {choice: [none, log], when: {activation: [tanh]}}\n",
        "circle",
    ),
    "nothing varied": ("learning_rate: 0.1\n", "`space` must vary at least one setting"),
    "empty": ("", "`space` must vary at least one setting"),
    "no option": ("activation: {choice: []}\n", "at least one option"),
    "not YAML": ("a: [1,\n", "`space` must be YAML"),
    "absent": (None, "`space` must be a preset"),
}


@pytest.mark.parametrize("case", SPACES)
def test_a_bad_space_is_told(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the entry and the nearest name; nothing is trained or written."""
    content, message = SPACES[case]
    name = "space.yaml" if content is not None else "spaec"
    data, space = write(tmp_path / "a.csv", table()), write(tmp_path / name, content)
    before = files(tmp_path)

    words = ["fit", data, "--target", "y", "--trials", "4", "--out", tmp_path / "new"]
    assert message in error_of([*words, "--space", space], capsys)

    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--sampler", "zom"], 'Did you mean "zoom"?'),
        (["--metric", "f2"], "`metric` must be one of error, balanced_error"),
        (["--metric", "mae"], "for a binary target"),
        (["--space", "chpter"], 'Did you mean "chapter"?'),
        (["--trials", "0"], "`trials` must be a whole number >= 1"),
        (["--folds", "0"], "`folds` must be a whole number >= 1"),
        (["--folds", "100"], "num_folds=100 with 32 rows"),
        (["--nested", "1"], "`nested` must be a whole number >= 2"),
        (["--nested", "5"], "`trials` must be more than `nested`"),
        (["--nested", "50", "--trials", "60"], "nested=50 with 40 rows"),
        (["--nested", "2", "--time", "z"], "`nested` must be left out where rows are split by time"),
        (["--storage", "foo://user:secret@host/x"], "foo://user:***@host/x"),
        (["--replay", "absent"], "it does not exist"),
    ],
)
def test_a_bad_option_of_the_search_is_told(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is trained, and without a secret."""
    data = write(tmp_path / "a.csv", table())
    words = ["fit", data, "--target", "y", "--trials", "4", "--out", tmp_path / "new", *options]
    said = error_of(words, capsys)

    assert message in said
    assert "secret" not in said
    assert files(tmp_path) == [data]


@pytest.mark.parametrize("content", ["x,y\n1,2", "no journal\n"])
def test_a_file_that_is_no_study_is_left_as_it_is(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table given by mistake must not be mended or added to."""
    data, other = write(tmp_path / "a.csv", table()), write(tmp_path / "b.csv", content)

    words = ["fit", data, "--target", "y", "--trials", "4", "--out", tmp_path / "new", "--storage", other]
    assert "no journal" in error_of(words, capsys)

    assert other.read_text() == content


def test_what_cannot_go_on_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was begun there, or it is said twice where the run lies."""
    data = write(tmp_path / "a.csv", table())
    words = ["fit", data, "--target", "y", "--trials", "4", "--resume", tmp_path / "run"]

    assert "`resume` must name a run that was begun and not finished" in error_of(words, capsys)
    assert "`out` must be left out with `resume`" in error_of([*words, "--out", tmp_path / "new"], capsys)
    assert files(tmp_path) == [data]


def test_a_leftover_of_a_killed_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Begun anew, it says how to go on."""
    data = write(tmp_path / "a.csv", table())
    (tmp_path / "run.unfinished").mkdir()

    words = ["fit", data, "--target", "y", "--trials", "4", "--out", tmp_path / "run"]
    assert f"Add --resume {tmp_path / 'run'} to go on" in error_of(words, capsys)


def test_where_every_setting_diverged_the_rates_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lower ones, a thousandth of them, were tried too; nothing is left behind."""
    data = write(tmp_path / "a.csv", table())
    wild = "learning_rate: {log: [1.0e+5, 1.0e+8]}\nnum_layers: 1\nwidth: 8\npreprocess: none\n"
    space = write(tmp_path / "space.yaml", wild)
    before = files(tmp_path)

    words = ["fit", data, "--target", "y", "--trials", "4", "--space", space, "--out", tmp_path / "new"]
    said = error_of(words, capsys)
    rates = said.partition("learning rates ")[2].partition(")")[0]

    assert "all 20 diverged" in said
    assert 100 <= float(rates.split(",")[0]) < 1e5
    assert files(tmp_path) == before


def test_a_budget_too_short_for_one_trial_gives_the_least_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No error: a few updates, one validation, a note."""
    data = write(tmp_path / "a.csv", table())
    words = ["fit", data, "--target", "y", "--budget", "10s", "--out", tmp_path / "new"]

    assert run([str(word) for word in words], started=monotonic() - 100) == 0
    assert "The time was over before anything was validated" in capsys.readouterr().out
