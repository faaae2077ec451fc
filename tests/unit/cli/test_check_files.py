"""Facts about what `practicum check` writes for programs and for the eye."""

import json
import math

import pytest

from practicum.checks.epsilon_sweep import EpsilonSweep
from practicum.checks.gradient_check import GradientCheck
from practicum.checks.subject import Checked
from practicum.cli.check_files import in_json, write_picture, write_sarif
from practicum.core.finding import Finding

FOUND = Finding("top-layer", "warning", (("L1", 0.9),), "Rows sum to 1.", "Return logits.", "3.2-26")
SWEEP = EpsilonSweep(1.0, ((1e-3, 1e-3, 1e-6), (1e-4, math.inf, 1e-8)))
PARTS = (
    Checked("Gradients", "Right.", found=GradientCheck((), (), SWEEP)),
    Checked("Curvature", "Not looked at: the time was over.", looked=False),
)


def test_json_has_findings_parts_and_their_numbers():
    """What is not finite is null: JSON has no word for it."""
    found = json.loads(in_json([FOUND], PARTS))

    assert found["findings"][0]["causes"] == [{"fault": "L1", "probability": 0.9}]
    assert [part["title"] for part in found["parts"]] == ["Gradients", "Curvature"]
    assert [row["forward_error"] for row in found["parts"][0]["data"]["sweep"]["rows"]] == [1e-3, None]
    assert "data" not in found["parts"][1]


@pytest.mark.parametrize(
    ("what", "made", "uri"),
    [("t.csv", "t.csv", "t.csv"), ("nets.py:build", "nets.py", "nets.py"), ("nets:build", "nets.py", None)],
)
def test_sarif_names_the_file_where_there_is_one(tmp_path, monkeypatch, what, made, uri):
    """A table, or the program that builds the model; a module has no path."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / made).touch()
    write_sarif(tmp_path / "out.sarif", what, [FOUND], PARTS)
    run = json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))["runs"][0]

    places = run["results"][0]["locations"]
    assert [one["physicalLocation"]["artifactLocation"]["uri"] for one in places] == ([uri] if uri else [])
    assert [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]] == [
        "Curvature: Not looked at: the time was over."
    ]


@pytest.mark.parametrize(("suffix", "begins"), [(".svg", "<svg"), (".html", "<!doctype html>")])
def test_the_picture_is_of_the_kind_that_its_name_says(tmp_path, suffix, begins):
    """Drawn of the sweep of the gradient check."""
    write_picture(tmp_path / f"epsilon{suffix}", PARTS)

    assert (tmp_path / f"epsilon{suffix}").read_text(encoding="utf-8").startswith(begins)


def test_without_a_sweep_there_is_no_picture_and_it_is_said(tmp_path, capsys):
    """A model that refuses double precision, say."""
    write_picture(tmp_path / "epsilon.svg", PARTS[1:])

    assert capsys.readouterr().err.startswith("note: no picture in ")
    assert list(tmp_path.iterdir()) == []
