"""Facts about `practicum check`."""

import json
import sys

import numpy as np
import polars as pl
import pytest
from tests.made_tables import sound

from practicum.__main__ import main

NETS = """
import torch
from torch import nn


def build(recipe):
    return nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 2))


def twice(recipe):
    return nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 2), nn.Softmax(dim=1))


def nothing(recipe):
    return None


def sized(recipe):
    return nn.Sequential(nn.Linear(3, recipe.model["width"]), nn.Tanh(), nn.Linear(recipe.model["width"], 2))


def loss(outputs, targets):
    return nn.functional.cross_entropy(outputs, targets)
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with a table, a file of models, and rows for them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    pl.DataFrame(sound()).write_csv("sound.csv")
    pl.DataFrame({**sound(), "again": sound()["x0"]}).write_csv("twins.csv")
    (tmp_path / "nets.py").write_text(NETS)
    x = np.random.default_rng(0).normal(size=(80, 3))
    np.savez("rows.npz", x=x, y=(x[:, 0] > 0).astype(np.int64))
    return tmp_path


def said(capsys, *words, code=0):
    """Run `practicum check` and return what it prints."""
    assert main(["check", *words]) == code
    return capsys.readouterr().out


def complaint(capsys, *words):
    """Run what must be refused and return the message."""
    assert main(["check", *words]) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("error: ")
    assert "\n" not in error
    return error


def test_a_sound_table_looks_healthy(home, capsys):
    assert said(capsys, "sound.csv", "--target", "y").startswith("It looks healthy")


def test_what_is_wrong_with_a_table_is_said(home, capsys):
    assert "[D2" in said(capsys, "twins.csv", "--target", "y")
    found = json.loads(said(capsys, "twins.csv", "--target", "y", "--json"))
    assert [one["causes"][0]["fault"] for one in found["findings"]] == ["D2"]


def test_a_sound_model_looks_healthy(home, capsys):
    text = said(capsys, "nets.py:build", "--data", "rows.npz", "--loss", "cross_entropy")

    assert text.startswith("It looks healthy")
    assert "depth 2" in text


def test_something_critical_is_exit_code_1(home, capsys):
    text = said(capsys, "nets.py:twice", "--data", "rows.npz", "--loss", "nets.py:loss", code=1)
    found = json.loads(
        said(capsys, "nets.py:twice", "--data", "rows.npz", "--loss", "cross_entropy", "--json", code=1)
    )

    assert "critical" in text
    assert found["findings"][0]["causes"][0]["fault"] == "L1"
    assert found["parts"][0]["title"] == "Modules"


def test_findings_go_into_a_sarif_file(home, capsys):
    words = ("--data", "rows.npz", "--loss", "cross_entropy", "--sarif", "found.sarif")
    text = said(capsys, "nets.py:twice", *words, code=1)
    run = json.loads((home / "found.sarif").read_text(encoding="utf-8"))["runs"][0]

    assert text.startswith("Found: 1 critical")
    assert run["results"][0]["level"] == "error"
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "nets.py"

    said(capsys, "twins.csv", "--target", "y", "--sarif", "found.sarif")
    [result] = json.loads((home / "found.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    columns = [one["name"] for one in result["locations"][0]["logicalLocations"]]
    assert (result["ruleId"], set(columns)) == ("twin-columns", {"x0", "again"})


def test_a_profile_and_a_picture_are_made_when_asked_for(home, capsys):
    words = ("--data", "rows.npz", "--loss", "cross_entropy", "--profile", "--epsilon-sweep", "epsilon.svg")
    found = json.loads(said(capsys, "nets.py:build", *words, "--json"))
    data = {part["title"]: part["data"] for part in found["parts"] if "data" in part}

    assert {part["name"] for part in data["Time and memory"]["parts"]} >= {"forward", "backward"}
    assert len(data["Gradients"]["sweep"]["rows"]) == 13
    assert (home / "epsilon.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_recipe_can_be_given(home, capsys):
    (home / "recipe.yaml").write_text("model: {width: 70}\n")
    words = ("--data", "rows.npz", "--loss", "cross_entropy", "--recipe", "recipe.yaml")

    assert "8×70" in said(capsys, "nets.py:sized", *words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sound.csv"], "`--target` must name the column"),
        (["nowhere.csv", "--target", "y"], "no such file"),
        (["sound.csv", "--target", "z"], "must name a column"),
        (["sound.csv", "--target", "y", "--loss", "cross_entropy"], "`--loss` must be left out"),
        (["nets.py:build", "--loss", "cross_entropy"], "`--data` is missing"),
        (["nets.py:build", "--data", "rows.npz"], "`--loss` is missing"),
        (
            ["nets.py:build", "--data", "rows.npz", "--loss", "x", "--target", "y"],
            "`--target` must be left out",
        ),
        (["nets.py:build", "--data", "rows.npz", "--loss", "cross_entrpy"], "Did you mean"),
        (["nets.py:bild", "--data", "rows.npz", "--loss", "cross_entropy"], 'Did you mean "build"'),
        (
            ["nets.py:nothing", "--data", "rows.npz", "--loss", "cross_entropy"],
            "must return a torch.nn.Module",
        ),
        (["nets.py:build", "--data", "none.npz", "--loss", "cross_entropy"], "can be read"),
        (["sound.csv", "--target", "y", "--budget", "5s"], "`--budget` must be left out"),
        (["sound.csv", "--target", "y", "--profile"], "`--profile` must be left out"),
        (["sound.csv", "--target", "y", "--epsilon-sweep", "a.svg"], "`--epsilon-sweep` must be left out"),
        (["sound.csv", "--target", "y", "--epsilon-sweep", "a.png"], "must end in .svg or .html"),
        (["sound.csv", "--target", "y", "--sarif", "sound.csv"], "must not be the table itself"),
        (
            ["nets.py:build", "--data", "rows.npz", "--loss", "x", "--task", "binary"],
            "`--task` must be left out",
        ),
        (["nets.py:build", "--data", "rows.npz", "--loss", "cross_entropy", "--seed", "9" * 25], "Overflow"),
        (["nets.py:sized", "--data", "rows.npz", "--loss", "cross_entropy"], "must return a model"),
    ],
)
def test_mistakes_are_one_line(home, capsys, words, message):
    assert message in complaint(capsys, *words)
