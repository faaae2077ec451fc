"""The example tables are what their README says."""

from __future__ import annotations

import gzip
import runpy
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.docs.test_snippets import write_pictures


def rows(path: Path) -> list[bytes]:
    """Return the lines of a packed table, header first."""
    return gzip.decompress(path.read_bytes()).splitlines()


def test_tables_have_the_stated_size(examples: Path) -> None:
    """6,000 and 4,177 rows, after a header of 15 and 9 names."""
    adult, abalone = rows(examples / "adult_sample.csv.gz"), rows(examples / "abalone.csv.gz")

    assert (len(adult) - 1, adult[0].count(b",") + 1) == (6000, 15)
    assert (len(abalone) - 1, abalone[0].count(b",") + 1) == (4177, 9)


def test_adult_keeps_its_stray_spaces_and_question_marks(examples: Path) -> None:
    """Values are verbatim, so that the reader of tables meets a real one."""
    text = b"\n".join(rows(examples / "adult_sample.csv.gz")[1:])

    assert text.count(b", ?") == 785
    assert text.count(b",") == text.count(b", ") == 6000 * 14


def test_adult_is_a_sample_of_the_whole(examples: Path, shared_data: Path) -> None:
    """Every row of the sample stands in the full table, at least as often."""
    sample = Counter(rows(examples / "adult_sample.csv.gz"))
    whole = Counter(rows(shared_data / "tabular" / "adult_train.csv.gz"))

    assert sample <= whole


def test_abalone_is_the_whole(examples: Path, shared_data: Path) -> None:
    """The small table is the full one."""
    assert rows(examples / "abalone.csv.gz") == rows(shared_data / "tabular" / "abalone.csv.gz")


def run_program(examples: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Run the example program as `python` does."""
    path = examples / "fashion_mnist_cnn.py"
    monkeypatch.setattr(sys, "argv", [str(path), *words])
    runpy.run_path(str(path), run_name="__main__")


def test_the_example_program_tunes_a_convolutional_net(examples, tmp_path, monkeypatch, capsys) -> None:
    """On made-up pictures: a line for each of the eight trials, and one look at the test rows."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    write_pictures(tmp_path / "pictures")
    words = ("--data", str(tmp_path / "pictures"), "--steps", "10", "--folder", str(tmp_path / "run"))
    run_program(examples, monkeypatch, *words)
    lines = capsys.readouterr().out.splitlines()

    assert sum(line.startswith("learning rate") for line in lines) == 8
    assert lines[-1].startswith("Best: learning rate")
    assert "95 % interval" in lines[-1]


def test_the_example_program_says_what_is_missing(examples, tmp_path, monkeypatch, capsys) -> None:
    """Without a traceback."""
    with pytest.raises(SystemExit) as ended:
        run_program(examples, monkeypatch, "--data", str(tmp_path))

    assert ended.value.code == 2
    assert "must hold the files of Fashion-MNIST" in capsys.readouterr().err
