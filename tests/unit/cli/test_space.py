"""Facts about `practicum space`."""

import json

import pytest

from practicum.__main__ import main
from practicum.recipe.space import PRESETS, Space


def said(capsys, *words):
    """Run `practicum space` and return what it prints."""
    assert main(["space", *words]) == 0
    return capsys.readouterr().out


def test_without_a_name_all_are_listed(capsys):
    """One line each, the default first."""
    lines = said(capsys).splitlines()

    assert [line.split()[0] for line in lines] == list(PRESETS)
    assert next(iter(PRESETS)) == "default"
    assert all(line.endswith(one.summary) for line, one in zip(lines, PRESETS.values(), strict=True))


@pytest.mark.parametrize("name", list(PRESETS))
def test_what_is_printed_can_be_read_back(capsys, tmp_path, name):
    """Each line with its source, to be saved, changed and given to `fit`; a file can be shown too."""
    path = tmp_path / "space.yaml"
    text = said(capsys, name)

    path.write_text(text, encoding="utf-8")

    assert Space.load(path) == Space.preset(name)
    assert all("  # " in line for line in text.splitlines() if not line.startswith("#"))
    assert said(capsys, str(path)).splitlines()[2:] == Space.load(path).as_lines()


def test_json_is_the_same_data(capsys):
    """A list of all, or one as a mapping."""
    assert list(json.loads(said(capsys, "--json"))) == list(PRESETS)
    assert Space.from_mapping(json.loads(said(capsys, "small", "--json"))) == Space.preset("small")


def test_rows_scale_the_penalties_of_a_source(capsys):
    """They are of the mean loss there."""
    assert "l2_penalty: {log: [0.00031, 0.031], off: 0.5}" in said(
        capsys, "bergstra-bengio", "--num-train", "1000"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["chaptr"],
            "`space` must be a preset (default, chapter, small, bergstra-bengio, hyperopt-nnet) or a YAML file, but "
            'got space=chaptr. Did you mean "chapter"?',
        ),
        (["none.yaml"], "`space` must be an existing file, but none.yaml does not exist."),
        (["bergstra-bengio", "--num-train", "0"], "`num_train` must be >= 1, but got num_train=0."),
    ],
)
def test_mistakes_are_told(capsys, words, message):
    """An unknown name, a file that is not there, no row."""
    assert main(["space", *words]) == 2

    assert capsys.readouterr().err.startswith(f"error: {message}")
