"""Facts about `practicum diagnose`: text, JSON, one line for a mistake."""

import json

import pytest
from tests.made_fits import fit_small

from practicum.__main__ import main
from practicum.faces import diagnosis


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return fit_small(tmp_path_factory.mktemp("diagnosed"))


def test_the_diagnosis_is_printed(run, capsys):
    """The verdict first."""
    assert main(["diagnose", str(run.path), "--budget", "2s", "--workers", "1"]) == 0
    out = capsys.readouterr().out

    assert "[4.1-08]." in out.splitlines()[0]
    assert "Tried, beside changes at random" in out


def test_json_is_one_object(run, capsys):
    """And nothing else on standard output."""
    assert main(["diagnose", str(run.path), "--budget", "2s", "--workers", "1", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["fitting"]["verdict"]


def test_an_interrupt_says_so(run, capsys, monkeypatch):
    """What was found is printed all the same."""

    class Asked:
        asked = True

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

    monkeypatch.setattr(diagnosis, "Interrupts", Asked)

    assert main(["diagnose", str(run.path)]) == 0
    assert "Interrupted: this is what was found." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "`run` must be the folder of a run"),
        (["nowhere", "--budget", "soon"], "`budget`"),
    ],
)
def test_a_mistake_is_one_line(words, said, capsys, tmp_path, monkeypatch):
    """And exit code 2."""
    monkeypatch.chdir(tmp_path)

    assert main(["diagnose", *words]) == 2
    assert said in capsys.readouterr().err
